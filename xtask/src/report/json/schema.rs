//! A validator that knows as much of JSON Schema as our schema uses, and refuses
//! to go on where that is not enough. A whole one would take longer to build
//! than all else that the tests need.

use std::path::Path;

use serde_json::{Map, Value};

/// The schema that the documents keep to.
pub(super) fn schema() -> Value {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let path = root.expect("the root").join("docs/verdicts.schema.json");
    let text = std::fs::read_to_string(path).expect("the schema");
    serde_json::from_str(&text).expect("JSON")
}

/// Why `value` is not what `schema` describes, if it is not.
pub(super) fn validate(schema: &Value, value: &Value) -> Result<(), String> {
    Validator { root: schema }.all(schema, value)
}

struct Validator<'a> {
    root: &'a Value,
}

impl Validator<'_> {
    fn all(&self, schema: &Value, value: &Value) -> Result<(), String> {
        let keywords = schema.as_object().expect("a schema is an object");
        for (keyword, wanted) in keywords {
            if !self.keyword(keywords, keyword, wanted, value) {
                return Err(format!("{value} is not {keyword}: {wanted}"));
            }
        }
        if let (Some(properties), Value::Object(fields)) = (schema.get("properties"), value) {
            for (name, field) in fields {
                if let Some(schema) = properties.get(name) {
                    self.all(schema, field)
                        .map_err(|why| format!("{name}: {why}"))?;
                }
            }
        }
        if let (Some(schema), Value::Array(items)) = (schema.get("items"), value) {
            for item in items {
                self.all(schema, item)?;
            }
        }
        match schema.get("$ref") {
            Some(reference) => self.all(self.definition(reference), value),
            None => Ok(()),
        }
    }

    fn keyword(
        &self,
        schema: &Map<String, Value>,
        keyword: &str,
        wanted: &Value,
        value: &Value,
    ) -> bool {
        let list = || wanted.as_array().expect("a list");
        match keyword {
            "type" => is_a(wanted.as_str().expect("one type"), value),
            "const" => wanted == value,
            "enum" => list().contains(value),
            "minimum" => value.as_f64() >= wanted.as_f64(),
            "required" => list()
                .iter()
                .all(|name| value.get(name.as_str().expect("a name")).is_some()),
            "additionalProperties" => {
                assert_eq!(*wanted, Value::Bool(false), "no other is understood");
                let known = |name: &String| schema["properties"].get(name).is_some();
                value
                    .as_object()
                    .is_none_or(|fields| fields.keys().all(known))
            }
            "oneOf" => {
                let fitting = list()
                    .iter()
                    .filter(|schema| self.all(schema, value).is_ok());
                fitting.count() == 1
            }
            "properties" | "items" | "$ref" | "$defs" => true,
            "$schema" | "title" | "description" => true,
            other => panic!("`{other}` is not understood"),
        }
    }

    fn definition(&self, reference: &Value) -> &Value {
        let path = reference.as_str().expect("a path");
        let pointer = path.strip_prefix('#').expect("within the schema");
        self.root.pointer(pointer).expect(path)
    }
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        other => panic!("the type `{other}` is not understood"),
    }
}
