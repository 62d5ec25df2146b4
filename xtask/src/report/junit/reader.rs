//! A reader of JUnit documents that takes nothing but what it knows: these
//! elements in this order, each attribute, and no other; numbers that are numbers,
//! and counts that add up. XML itself is read by another's parser.

use roxmltree::{Document, Node};

#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) name: String,
    pub(crate) counts: Counts,
    pub(crate) suites: Vec<Suite>,
}

#[derive(Debug)]
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) counts: Counts,
    pub(crate) properties: Vec<(String, String)>,
    pub(crate) cases: Vec<Case>,
}

#[derive(Debug)]
pub(crate) struct Case {
    pub(crate) classname: String,
    pub(crate) name: String,
    pub(crate) outcome: Outcome,
    pub(crate) system_out: Option<String>,
    pub(crate) system_err: Option<String>,
}

#[derive(Debug)]
pub(crate) enum Outcome {
    Passed,
    Failure(Refusal),
    Error(Refusal),
    Skipped(String),
}

#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) kind: String,
    pub(crate) message: String,
    pub(crate) text: String,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) tests: usize,
    pub(crate) failures: usize,
    pub(crate) errors: usize,
    pub(crate) skipped: usize,
}

/// What is in `document`, or what is wrong with it.
pub(crate) fn read(document: &str) -> Result<Report, String> {
    let document = Document::parse(document).map_err(|error| error.to_string())?;
    let nodes = document.root().children();
    if nodes.clone().count() != 1 {
        return Err("something stands beside the root".to_string());
    }
    let root = document.root_element();
    if root.tag_name().name() != "testsuites" {
        return Err(format!("the root is {root:?}"));
    }
    conforms(root)?;
    let suites: Vec<Suite> = named(root, "testsuite")
        .map(suite)
        .collect::<Result<_, _>>()?;
    let sum = suites.iter().map(|suite| suite.counts);
    Ok(Report {
        name: attribute(root, "name"),
        counts: counts(root, sum)?,
        suites,
    })
}

/// What an element has: of what JUnit knows, that of which we make use.
struct Shape {
    element: &'static str,
    /// All of them, and no others.
    attributes: &'static [&'static str],
    /// Which elements stand in it, one group after the other.
    groups: &'static [Group],
    has_text: bool,
}

/// Elements that may stand in one place, at least and at most so many of them.
type Group = (&'static [&'static str], usize, usize);

const SUMS: &[&str] = &["name", "tests", "failures", "errors", "skipped", "time"];
const CASE: &[&str] = &["classname", "name", "time"];
const CAME: &[&str] = &["failure", "error", "skipped"];
const OUT: Group = (&["system-out"], 0, 1);
const ERR: Group = (&["system-err"], 0, 1);
const MANY: usize = usize::MAX;

const SHAPES: &[Shape] = &[
    parent("testsuites", SUMS, &[(&["testsuite"], 0, MANY)]),
    parent(
        "testsuite",
        SUMS,
        &[(&["properties"], 0, 1), (&["testcase"], 0, MANY)],
    ),
    parent("properties", &[], &[(&["property"], 1, MANY)]),
    parent("property", &["name", "value"], &[]),
    parent("testcase", CASE, &[(CAME, 0, 1), OUT, ERR]),
    parent("skipped", &["message"], &[]),
    text("failure", &["type", "message"]),
    text("error", &["type", "message"]),
    text("system-out", &[]),
    text("system-err", &[]),
];

const fn parent(
    element: &'static str,
    attributes: &'static [&'static str],
    groups: &'static [Group],
) -> Shape {
    Shape {
        element,
        attributes,
        groups,
        has_text: false,
    }
}

const fn text(element: &'static str, attributes: &'static [&'static str]) -> Shape {
    Shape {
        has_text: true,
        ..parent(element, attributes, &[])
    }
}

/// Whether `node` and all in it have the shape that they should have.
fn conforms(node: Node) -> Result<(), String> {
    let name = node.tag_name().name();
    let shape = SHAPES
        .iter()
        .find(|shape| shape.element == name)
        .ok_or_else(|| format!("no such element: {node:?}"))?;
    let mut found: Vec<_> = node.attributes().map(|found| found.name()).collect();
    let mut expected = shape.attributes.to_vec();
    found.sort_unstable();
    expected.sort_unstable();
    let is_foreign = node.tag_name().namespace().is_some()
        || node.attributes().any(|found| found.namespace().is_some());
    if found != expected || is_foreign {
        return Err(format!("{name} has the attributes {found:?}"));
    }
    let is_blank = |node: Node| node.text().is_some_and(|text| text.trim().is_empty());
    if let Some(stray) = node.children().find(|child| {
        let is_text = child.is_text() && (shape.has_text || is_blank(*child));
        !child.is_element() && !is_text
    }) {
        return Err(format!("in {name} stands {stray:?}"));
    }
    in_order(node, shape)?;
    node.children()
        .filter(Node::is_element)
        .try_for_each(conforms)
}

fn in_order(node: Node, shape: &Shape) -> Result<(), String> {
    let children = node.children().filter(Node::is_element);
    let mut names = children.map(|child| child.tag_name().name()).peekable();
    for (group, least, most) in shape.groups {
        let mut count = 0;
        while names.next_if(|name| group.contains(name)).is_some() {
            count += 1;
        }
        if !(*least..=*most).contains(&count) {
            return Err(format!("{}: {count} times {group:?}", shape.element));
        }
    }
    match names.next() {
        Some(name) => Err(format!("{name} has no place there in {}", shape.element)),
        None => Ok(()),
    }
}

fn suite(node: Node) -> Result<Suite, String> {
    let cases: Vec<Case> = named(node, "testcase")
        .map(case)
        .collect::<Result<_, _>>()?;
    let properties = named(node, "properties").flat_map(|all| named(all, "property"));
    Ok(Suite {
        name: attribute(node, "name"),
        counts: counts(node, cases.iter().map(Case::counts))?,
        properties: properties
            .map(|one| (attribute(one, "name"), attribute(one, "value")))
            .collect(),
        cases,
    })
}

fn case(node: Node) -> Result<Case, String> {
    seconds(node)?;
    let text = |name| named(node, name).next().map(content);
    let refusal = |name| {
        named(node, name).next().map(|node| Refusal {
            kind: attribute(node, "type"),
            message: attribute(node, "message"),
            text: content(node),
        })
    };
    let skipped = named(node, "skipped").next();
    let outcome = refusal("failure")
        .map(Outcome::Failure)
        .or_else(|| refusal("error").map(Outcome::Error))
        .or_else(|| skipped.map(|node| Outcome::Skipped(attribute(node, "message"))));
    Ok(Case {
        classname: attribute(node, "classname"),
        name: attribute(node, "name"),
        outcome: outcome.unwrap_or(Outcome::Passed),
        system_out: text("system-out"),
        system_err: text("system-err"),
    })
}

impl Case {
    fn counts(&self) -> Counts {
        let is = |yes| usize::from(yes);
        Counts {
            tests: 1,
            failures: is(matches!(self.outcome, Outcome::Failure(_))),
            errors: is(matches!(self.outcome, Outcome::Error(_))),
            skipped: is(matches!(self.outcome, Outcome::Skipped(_))),
        }
    }
}

/// What `node` says of itself, which has to be the sum of its `parts`.
fn counts(node: Node, parts: impl Iterator<Item = Counts>) -> Result<Counts, String> {
    seconds(node)?;
    let said = Counts {
        tests: number(node, "tests")?,
        failures: number(node, "failures")?,
        errors: number(node, "errors")?,
        skipped: number(node, "skipped")?,
    };
    let sum = parts.fold(Counts::default(), |sum, part| Counts {
        tests: sum.tests + part.tests,
        failures: sum.failures + part.failures,
        errors: sum.errors + part.errors,
        skipped: sum.skipped + part.skipped,
    });
    match said == sum {
        true => Ok(said),
        false => Err(format!("{said:?} should be {sum:?}")),
    }
}

fn number(node: Node, name: &str) -> Result<usize, String> {
    let value = attribute(node, name);
    value
        .parse()
        .map_err(|_| format!("{name} is no number: {value:?}"))
}

/// A decimal fraction, as XML Schema has it: no exponent, no infinity, no sign.
fn seconds(node: Node) -> Result<f64, String> {
    let value = attribute(node, "time");
    let is_plain = value
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    let parsed = value.parse().ok().filter(|_| is_plain);
    parsed.ok_or_else(|| format!("no time in seconds: {value:?}"))
}

fn attribute(node: Node, name: &str) -> String {
    node.attribute(name).unwrap_or_default().to_string()
}

fn named<'a, 'input>(
    node: Node<'a, 'input>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'input>> {
    node.children()
        .filter(move |child| child.has_tag_name(name))
}

/// The text in an element that has nothing else in it.
fn content(node: Node) -> String {
    node.text().unwrap_or_default().to_string()
}
