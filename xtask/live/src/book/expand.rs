//! From a page as it was written to the Markdown that mdBook renders: directives
//! are replaced, and what is wrong is told.

use super::blocks::{self, Block, Directive};
use super::course::{Course, Page};
use super::diagram::{self, Drawn};
use super::fault::{Fault, Faults, Problem};
use super::listing::{self, Quoted};
use super::mistakes::Mistakes;
use super::quiz::{self, Quizzes};
use super::{excuse, live, output, prose, times};

/// What pages are made with, and what they have used.
pub(crate) struct Material<'a> {
    pub(crate) course: &'a Course,
    pub(crate) quizzes: &'a Quizzes,
    pub(crate) mistakes: &'a Mistakes,
    pub(crate) quoted: Quoted,
    pub(crate) drawn: Drawn,
}

/// The page as Markdown; what is wrong with it goes to `faults`.
pub(crate) fn expand(material: &mut Material<'_>, page: &Page, faults: &mut Faults) -> String {
    let mut pen = Pen {
        material,
        page,
        faults: Vec::new(),
        text: String::new(),
    };
    let mut above = "";
    for block in blocks::blocks(&page.text) {
        match block {
            Block::Line { line, text } => {
                pen.line(line, text);
                above = text;
            }
            Block::Fence { .. } => pen.fence(block, above),
        }
    }
    pen.lesson();
    for (line, problem) in prose::problems(&page.text) {
        pen.fault(line, problem);
    }
    let Pen {
        faults: found,
        text,
        ..
    } = pen;
    faults.extend(found);
    faults.extend(without_minutes(material.course, page));
    with_times(material.course, page, &text).unwrap_or_else(|| {
        let problem = Problem::new("the page has no title", "begin it with `# Title`");
        faults.add(problem.at(page.file(), 1));
        text
    })
}

/// An exercise that does not say how long it takes.
fn without_minutes(course: &Course, page: &Page) -> Option<Fault> {
    let file = format!("exercises/{}/README.md", course.lesson_of(page)?);
    let readme = course.file(&file).ok()?;
    let what = "nobody learns how long the exercise takes";
    let cure = "begin a line with `About 40 minutes`";
    let problem = Problem::new(what, cure).at(file, 1);
    times::minutes(&readme).is_none().then_some(problem)
}

/// The page with the line of its times below its title.
fn with_times(course: &Course, page: &Page, text: &str) -> Option<String> {
    let title = text.lines().next().filter(|line| line.starts_with("# "))?;
    let readme = course
        .lesson_of(page)
        .map(|name| course.file(&format!("exercises/{name}/README.md")));
    let minutes = readme.and_then(|readme| times::minutes(&readme.ok()?));
    let times = times::line(text, minutes);
    Some(format!("{title}\n\n{times}\n{}", &text[title.len()..]))
}

struct Pen<'a, 'b> {
    material: &'a mut Material<'b>,
    page: &'a Page,
    faults: Vec<Fault>,
    text: String,
}

impl Pen<'_, '_> {
    fn fault(&mut self, line: usize, problem: Problem) {
        self.faults.push(problem.at(self.page.file(), line));
    }

    fn line(&mut self, line: usize, text: &str) {
        if let Some(directive) = blocks::directive(text) {
            match self.replaced(directive) {
                Ok(new) => self.text += new.trim_end(),
                Err(problem) => self.fault(line, problem),
            }
        } else if blocks::holds_directive(text) {
            let what = "a directive stands among other words";
            let cure = "give it a line of its own, or write `\\{{#` to show it";
            self.fault(line, Problem::new(what, cure));
        } else {
            self.text += &blocks::unescape(text);
        }
        self.text.push('\n');
    }

    /// What stands in the place of a directive outside of fences.
    fn replaced(&mut self, Directive { name, argument }: Directive<'_>) -> Result<String, Problem> {
        let Material {
            course,
            quizzes,
            mistakes,
            quoted,
            drawn,
        } = &mut *self.material;
        match name {
            "include"
                if argument
                    .split(':')
                    .next()
                    .is_some_and(|path| path.ends_with(".md")) =>
            {
                let part = listing::quote(course, self.page, argument, quoted)?;
                prose::quoted(&part.file, &part.text).map_or(Ok(part.text), Err)
            }
            "include" | "output" => {
                let what = format!("`{name}` stands outside of a fence");
                Err(Problem::new(
                    what,
                    "put ``` around it: ```rust,ignore or ```text",
                ))
            }
            "wire" => diagram::figure(course, argument, drawn),
            "quiz" => Ok(quiz::form(quizzes.show(argument)?, argument, "quiz")),
            "quizzes" => all_quizzes(course, quizzes, self.page),
            "live" if course.is_lesson(argument) => Ok(live::panel(argument)),
            "live" => {
                let what = format!("there is no lesson `{argument}`");
                Err(Problem::new(what, "name one that is in exercises/"))
            }
            "pitfalls" => mistakes.list(argument, self.page),
            _ => {
                let what = format!("there is no directive `{name}`");
                let cure = "there are include, output, wire, live, quiz, quizzes and pitfalls";
                Err(Problem::new(what, cure))
            }
        }
    }

    fn fence(&mut self, block: Block<'_>, above: &str) {
        let Block::Fence {
            line,
            prefix,
            info,
            body,
            is_closed,
        } = block
        else {
            return;
        };
        if !is_closed {
            let what = "a fence is not closed";
            self.fault(line, Problem::new(what, "put ``` below its last line"));
        }
        if let [only] = body[..]
            && let Some(Directive {
                name: "include",
                argument,
            }) = blocks::directive(only)
        {
            self.listing(line, prefix, info, argument);
            return;
        }
        let is_quoted = body.iter().any(|line| blocks::holds_directive(line));
        if let Some(problem) = excuse::missing(info, above).filter(|_| !is_quoted) {
            self.fault(line, problem);
        }
        let mut lines = Vec::new();
        for (index, text) in body.into_iter().enumerate() {
            match blocks::directive(text) {
                Some(Directive {
                    name: "output",
                    argument,
                }) => match output::output(self.material.course, argument) {
                    Ok(body) => lines.extend(body.lines().map(str::to_string)),
                    Err(problem) => self.fault(line + 1 + index, problem),
                },
                None if !blocks::holds_directive(text) => lines.push(blocks::unescape(text)),
                _ => {
                    let what = "a fence mixes a directive with other lines";
                    let cure = "let it hold one `include` alone, or `output` lines";
                    self.fault(line + 1 + index, Problem::new(what, cure));
                }
            }
        }
        self.write_fence(prefix, info, &lines);
    }

    fn listing(&mut self, line: usize, prefix: &str, info: &str, argument: &str) {
        let Material { course, quoted, .. } = &mut *self.material;
        match listing::quote(course, self.page, argument, quoted) {
            Err(problem) => self.fault(line + 1, problem),
            Ok(quotation) => {
                let caption = quotation.caption(self.page);
                let figure = "<figure class=\"listing\">";
                self.text += &format!("{prefix}{figure}<figcaption>{caption}</figcaption>\n");
                self.text += &format!("{prefix}\n");
                let lines: Vec<String> = quotation.text.lines().map(str::to_string).collect();
                self.write_fence(prefix, info, &lines);
                self.text += &format!("{prefix}\n{prefix}</figure>\n");
            }
        }
    }

    /// A fence around `lines`, longer than any that they hold.
    fn write_fence(&mut self, prefix: &str, info: &str, lines: &[String]) {
        let mut ticks = "```".to_string();
        while lines
            .iter()
            .any(|line| line.trim_start().starts_with(&ticks))
        {
            ticks.push('`');
        }
        self.text += &format!("{prefix}{ticks}{info}\n");
        for line in lines {
            self.text += format!("{prefix}{line}").trim_end();
            self.text.push('\n');
        }
        self.text += &format!("{prefix}{ticks}\n");
    }

    /// A lesson's chapter asks something, and has a place for the verdict.
    fn lesson(&mut self) {
        let Some(name) = self.material.course.lesson_of(self.page) else {
            return;
        };
        let has = |what: &str| {
            let directive = format!("{{{{#{what} {name}}}}}");
            self.page.text.contains(&directive)
        };
        let (has_quiz, has_panel) = (has("quiz"), has("live"));
        if !has_quiz {
            let cure =
                format!("write book/quizzes/{name}.toml, and put `{{{{#quiz {name}}}}}` here");
            let problem = Problem::new("this lesson's chapter has no quiz", cure);
            self.fault(1, problem);
        }
        if !has_panel {
            let what = "this lesson's chapter has no place for the learner's own verdict";
            let cure = format!("put `{{{{#live {name}}}}}` where its exercise is");
            self.fault(1, Problem::new(what, cure));
        }
    }
}

/// Every quiz below the title of the chapter that it belongs to.
fn all_quizzes(course: &Course, quizzes: &Quizzes, page: &Page) -> Result<String, Problem> {
    let mut text = String::new();
    for chapter in &course.pages {
        let Some(name) = chapter.chapter() else {
            continue;
        };
        if let Some((_, quiz)) = quizzes.all().find(|(of, _)| *of == name) {
            let title = chapter
                .text
                .lines()
                .next()
                .unwrap_or(name)
                .trim_start_matches("# ");
            let link = format!("{}{}", page.way_up(), chapter.path);
            text += &format!("## {title} {{#quizzes-of-{name}}}\n\n");
            text += &format!("[To the chapter]({link})\n\n");
            text += &format!("{}\n\n", quiz::form(quiz, name, "quizzes"));
        }
    }
    Ok(text)
}
