//! Values made of Rust's own.

use super::Value;

/// What can be written as JSON.
pub trait ToJson {
    /// The value.
    fn to_json(&self) -> Value;
}

/// Makes a [`Value`]: `json!(what)` of anything that is [`ToJson`], and
/// `json!({ "name": what, … })` an object. An object within another is a `json!`
/// of its own.
#[macro_export]
macro_rules! json {
    ({ $($name:literal : $value:expr),* $(,)? }) => {
        $crate::Value::Object(::std::collections::BTreeMap::from([
            $(($name.to_owned(), $crate::ToJson::to_json(&$value))),*
        ]))
    };
    ($value:expr) => {
        $crate::ToJson::to_json(&$value)
    };
}

impl ToJson for Value {
    fn to_json(&self) -> Value {
        self.clone()
    }
}

impl ToJson for bool {
    fn to_json(&self) -> Value {
        Value::Bool(*self)
    }
}

impl ToJson for f64 {
    fn to_json(&self) -> Value {
        match self.is_finite() {
            true => Value::Float(*self),
            false => Value::Null,
        }
    }
}

impl ToJson for i32 {
    fn to_json(&self) -> Value {
        Value::Integer((*self).into())
    }
}

impl ToJson for u32 {
    fn to_json(&self) -> Value {
        Value::Integer((*self).into())
    }
}

impl ToJson for u64 {
    fn to_json(&self) -> Value {
        Value::Integer((*self).into())
    }
}

impl ToJson for usize {
    fn to_json(&self) -> Value {
        Value::Integer(*self as i128)
    }
}

impl ToJson for str {
    fn to_json(&self) -> Value {
        Value::String(self.to_owned())
    }
}

impl ToJson for String {
    fn to_json(&self) -> Value {
        Value::String(self.clone())
    }
}

impl<T: ToJson + ?Sized> ToJson for &T {
    fn to_json(&self) -> Value {
        (**self).to_json()
    }
}

/// `None` is `null`.
impl<T: ToJson> ToJson for Option<T> {
    fn to_json(&self) -> Value {
        self.as_ref().map_or(Value::Null, T::to_json)
    }
}

impl<T: ToJson> ToJson for [T] {
    fn to_json(&self) -> Value {
        Value::Array(self.iter().map(T::to_json).collect())
    }
}

impl<T: ToJson, const N: usize> ToJson for [T; N] {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}

impl<T: ToJson> ToJson for Vec<T> {
    fn to_json(&self) -> Value {
        self.as_slice().to_json()
    }
}
