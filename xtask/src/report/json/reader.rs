//! A reader of the documents that takes nothing but what it knows: each field
//! of every kind of verdict, and no other. It can write what it has read.

use serde::{Deserialize, Serialize};

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) format: u32,
    pub(crate) lessons: Vec<Lesson>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "build", rename_all = "lowercase")]
pub(crate) enum Lesson {
    Ok(Judged),
    #[serde(rename = "not built")]
    NotBuilt(Judged),
    Failed(Unbuilt),
    Unfinished(Unbuilt),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Judged {
    pub(crate) lesson: String,
    pub(crate) passed: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) recalled: Option<bool>,
    pub(crate) seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edited: Option<Vec<String>>,
    pub(crate) checks: Vec<Check>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unbuilt {
    pub(crate) lesson: String,
    pub(crate) passed: bool,
    pub(crate) why: String,
    pub(crate) seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) edited: Option<Vec<String>>,
    pub(crate) checks: Vec<Check>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub(crate) enum Check {
    Passed(Passed),
    Failed(Box<Failed>),
    Skipped(Skipped),
    #[serde(rename = "not run")]
    NotRun(NotRun),
    Broken(Broken),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Passed {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) program: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline: Option<Vec<Event>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline_left_out: Option<usize>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Failed {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<Vec<String>>,
    pub(crate) cause: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pitfall: Option<String>,
    pub(crate) expected: String,
    pub(crate) got: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) difference: Option<Difference>,
    pub(crate) seed: u64,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) place: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) program: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline: Option<Vec<Event>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline_left_out: Option<usize>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Skipped {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) why: String,
    pub(crate) seconds: f64,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NotRun {
    pub(crate) name: String,
    pub(crate) says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) why: Option<String>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Broken {
    pub(crate) name: String,
    pub(crate) says: String,
    pub(crate) why: String,
    pub(crate) seconds: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) notes: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) program: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline: Option<Vec<Event>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) timeline_left_out: Option<usize>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Difference {
    pub(crate) at: usize,
    pub(crate) window: usize,
    pub(crate) expected: String,
    pub(crate) got: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Place {
    pub(crate) file: String,
    pub(crate) line: u32,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub(crate) enum Event {
    Started(Words),
    Printed(Words),
    Connected(Moment),
    Data(Data),
    Datagram(Datagram),
    Fault(Fault),
    #[serde(rename = "end of stream")]
    EndOfStream(Moment),
    Reset(Moment),
    Refused(Moment),
    Silence(Silence),
    Stopped(Moment),
    Continued(Moment),
    Exited(Words),
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Moment {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Words {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Data {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) bytes: usize,
    pub(crate) pieces: usize,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<bool>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Datagram {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) bytes: usize,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<bool>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) how: String,
    pub(crate) bytes: usize,
    pub(crate) text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) more: Option<bool>,
}

#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Silence {
    pub(crate) at: f64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) seconds: f64,
}
