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
//! | `figure.wire > div.drawing > svg.wire-diagram, figcaption, details > ul` | what was really said; the theme gives the SVG its colours |
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
mod prose;
mod publish;
mod quiz;
mod rendered;
#[cfg(test)]
mod tests;
mod times;
mod warnings;

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
    /// To be read: from the files, on paper, or from a web server.
    Static,
    /// To be looked at while it is written: faults are told, and what can be
    /// built is built.
    Draft,
}

/// Builds the book of the course in `root` into the folder `out`, which readers
/// may have open meanwhile.
///
/// All that is wrong with the book is one error, a line for each fault, in the
/// form `book/src/x.md:12: what is wrong; what to do`.
pub(crate) fn build(root: &Path, out: &Path, mode: Mode) -> anyhow::Result<()> {
    build_in(None, root, out, mode)
}

/// The same by way of the folder `scratch`, which is on the file system of `out`:
/// whoever has made it takes it away, also where this process is killed.
pub(crate) fn build_in(
    scratch: Option<&Path>,
    root: &Path,
    out: &Path,
    mode: Mode,
) -> anyhow::Result<()> {
    publish::refuse_the_pages(&root.join(course::PAGES), out)?;
    let mut faults = Faults::default();
    let (course, wrong) = Course::read(root)?;
    faults.extend(wrong);
    let expanded = expand_all(&course, &mut faults)?;
    if mode != Mode::Draft {
        std::mem::take(&mut faults).into_result()?;
    }
    let fresh = publish::fresh_folder(out, scratch)?;
    render(&course, expanded, fresh.path(), &mut faults)?;
    rendered::check(&course, fresh.path(), &mut faults)?;
    let checked = faults.into_result();
    if checked.is_ok() || mode == Mode::Draft {
        publish::publish(fresh.path(), out)?;
    }
    Ok(checked?)
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
    faults.extend(listing::in_the_way(course));
    if course.is_whole {
        faults.extend(quizzes.unused());
        faults.extend(quizzes.nowhere_together(course));
        faults.extend(diagram::unused(course, &material.drawn));
        faults.extend(listing::check_anchors(course, &material.quoted)?);
    }
    let programs = listing::programs(course, &material.quoted)?;
    Ok(Expanded { pages, programs })
}

/// Has mdBook render the pages into the folder `fresh`; what it warns of is a fault.
fn render(
    course: &Course,
    expanded: Expanded,
    fresh: &Path,
    faults: &mut Faults,
) -> anyhow::Result<()> {
    let folder = course.root.join("book");
    let settings = "book/book.toml";
    let text = course.file(settings);
    let text = text.with_context(|| format!("reading {settings}"))?;
    let config = text.parse::<Config>();
    let mut config = config.with_context(|| format!("reading {settings}"))?;
    config.build.build_dir = fresh.to_path_buf();
    config.build.create_missing = false;
    config.build.use_default_preprocessors = false;
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
    let (built, warnings) = warnings::collect(|| book.build());
    built.context("rendering the book")?;
    faults.extend(warnings.iter().map(|text| warnings::fault(course, text)));
    rendered::finish(fresh)
}
