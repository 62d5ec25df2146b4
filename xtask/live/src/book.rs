//! The book: from the chapters to the pages.
//!
//! [`build`] reads the pages (`course`), replaces what only this book knows
//! (`expand`), and tells all that is wrong with them before mdBook renders
//! anything. What is rendered is checked once more (`rendered`: links, ids,
//! requests to other hosts), and only then put where readers find it (`publish`).
//!
//! What the theme and the scripts can rely on:
//!
//! | element | what it is |
//! |---|---|
//! | `figure.listing > figcaption, pre` | a part of an example: its path, its anchor, a link to the whole program |
//! | `pre.program` | a whole program; `span[id]` where its parts begin |
//! | `figure.wire > svg.wire-diagram, figcaption, details > ul` | what was really said; `css/wire.css` has the colours of the SVG |
//! | `form.quiz[data-quiz]` | a quiz: `fieldset[data-question] > legend, ol.options, details.answers` |
//! | `ol.options > li > label > input[type=radio][value=N]` | option N of a question |
//! | `details.answers > ol > li.right, li.wrong [data-option=N]` | the same with `span.option`, `strong`, `span.reason` |
//! | `section.live[data-lesson] > p.live-title, p.live-static` | where the learner's own verdict goes; without a script it says what to run |
//! | `p.times` | how long the page and its exercise take, below the title |
//!
//! On the page that is printed every `details` is open.

mod anchor;
mod blocks;
mod course;
mod diagram;
mod excuse;
mod expand;
mod fault;
mod html;
mod listing;
mod live;
mod mistakes;
mod output;
mod publish;
mod quiz;
mod rendered;
#[cfg(test)]
mod tests;
mod times;

use std::collections::HashMap;
use std::path::Path;

use anyhow::Context as _;
use mdbook_driver::MDBook;
use mdbook_driver::book::BookItem;
use mdbook_driver::config::Config;

use course::Course;
use diagram::Drawn;
use expand::Material;
use fault::Faults;
use listing::Quoted;
use mistakes::Mistakes;
use quiz::Quizzes;

/// What the book is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// To be read from the files, printed, or put on a web server.
    Static,
    /// To be served by ourselves, with the learner's verdicts ([`LIVE_SCRIPT`]).
    Served,
    /// To be looked at while it is written: faults are told, and what can be
    /// built is built.
    Draft,
}

/// The script that only served pages have, in the folder of `book.toml`.
pub(crate) const LIVE_SCRIPT: &str = "theme/live.js";

/// Builds the book of the course in `root` into the folder `out`, which readers
/// may have open meanwhile.
///
/// All that is wrong with the book is one error, a line for each fault, in the
/// form `book/src/x.md:12: what is wrong; what to do`.
pub(crate) fn build(root: &Path, out: &Path, mode: Mode) -> anyhow::Result<()> {
    let mut faults = Faults::default();
    let (course, wrong) = Course::read(root)?;
    faults.extend(wrong);
    let expanded = expand_all(&course, &mut faults)?;
    let written = faults.into_result();
    if mode != Mode::Draft {
        written?;
        let fresh = render(&course, expanded, out, mode)?;
        rendered::check(&course, fresh.path())?;
        return publish::publish(fresh.path(), out, mode);
    }
    let fresh = render(&course, expanded, out, mode)?;
    let checked = rendered::check(&course, fresh.path());
    publish::publish(fresh.path(), out, mode)?;
    written?;
    checked
}

/// What mdBook is to render: pages by their paths, and chapters for its end.
struct Expanded {
    pages: HashMap<String, String>,
    programs: Vec<BookItem>,
}

fn expand_all(course: &Course, faults: &mut Faults) -> anyhow::Result<Expanded> {
    let (quizzes, wrong) = Quizzes::read(course)?;
    faults.extend(wrong);
    let (mistakes, wrong) = Mistakes::read(course)?;
    faults.extend(wrong);
    let mut material = Material {
        course,
        quizzes: &quizzes,
        mistakes: &mistakes,
        quoted: Quoted::default(),
        drawn: Drawn::default(),
    };
    let mut pages = HashMap::new();
    for page in &course.pages {
        let text = expand::expand(&mut material, page, faults);
        pages.insert(page.path.clone(), text);
    }
    faults.extend(quizzes.unused());
    faults.extend(listing::check_anchors(course, &material.quoted)?);
    let programs = listing::programs(course, &material.quoted)?;
    Ok(Expanded { pages, programs })
}

/// Has mdBook render the pages into a fresh folder beside `out`.
fn render(
    course: &Course,
    expanded: Expanded,
    out: &Path,
    mode: Mode,
) -> anyhow::Result<tempfile::TempDir> {
    let fresh = publish::fresh_folder(out)?;
    let folder = course.root.join("book");
    let mut config = Config::from_disk(folder.join("book.toml")).context("reading book.toml")?;
    config.build.build_dir = fresh.path().to_path_buf();
    config.build.create_missing = false;
    config.build.use_default_preprocessors = false;
    if mode == Mode::Served && folder.join(LIVE_SCRIPT).is_file() {
        let mut html = config.html_config().unwrap_or_default();
        html.additional_js.push(LIVE_SCRIPT.into());
        config.set("output.html", html)?;
    }
    let mut book = MDBook::load_with_config(folder, config).context("reading the book")?;
    let Expanded {
        mut pages,
        programs,
    } = expanded;
    book.book.for_each_mut(|item| {
        if let BookItem::Chapter(chapter) = item {
            let path = chapter.path.as_ref();
            let path = path.map(|path| path.to_string_lossy().replace('\\', "/"));
            if let Some(text) = path.and_then(|path| pages.remove(&path)) {
                chapter.content = text;
            }
        }
    });
    book.book.items.extend(programs);
    book.build().context("rendering the book")?;
    rendered::finish(fresh.path())?;
    Ok(fresh)
}
