//! `cargo xtask bench`: what the runner costs whoever takes the course, beside
//! what it may cost.
//!
//! It works on copies of the course, in the state in which a learner gets it:
//! nothing of the course itself is changed.

mod cost;
mod duplicate;
mod edits;
mod figure;
mod place;
mod saved;
mod table;

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::cli;
use crate::course::{Course, Lesson};
use crate::exit::Exit;
use crate::screen::Screen;

use cost::Cost;
use edits::Edits;
use figure::{Figure, Goal};
use place::Place;

/// The command line.
pub(crate) fn arguments() -> Command {
    Command::new("bench")
        .about("Measures what the runner costs, beside what it may cost")
        .long_about(
            "Measures what the runner costs, in CPU seconds (user and system, of all\n\
             processes together) and on the clock, beside what it may cost: the first\n\
             verdict after a download, a verdict after an edit beside a bare build of the\n\
             same edit, one that is known already, and more.\n\n\
             It works on copies of the course in the folder for temporary files, with our\n\
             own solutions; your exercises are neither read nor changed. On a machine that\n\
             does something else as well, the CPU seconds are what to look at.",
        )
        .args([
            cli::lessons("The lessons whose edits to measure [default: all]"),
            Arg::new("quick")
                .long("quick")
                .action(ArgAction::SetTrue)
                .help("Leave out what takes minutes: the first build, and `verify`"),
            Arg::new("times")
                .long("times")
                .value_name("N")
                .default_value("3")
                .value_parser(cli::whole::<u32>(1..=100))
                .allow_negative_numbers(true)
                .help("How often to measure each; told are the median and the extremes"),
        ])
        .after_help("Examples:\n  cargo xtask bench\n  cargo xtask bench --quick --times 10")
}

pub(crate) fn run(course: &Course, matches: &ArgMatches, screen: &Screen) -> anyhow::Result<Exit> {
    let bench = Bench {
        course,
        screen,
        lessons: course.select(&cli::named_lessons(matches))?,
        times: matches.get_one("times").copied().unwrap_or(1),
    };
    let is_quick = matches.get_flag("quick");
    let lock = duplicate::lock(course)?;
    let mut figures = Vec::new();
    if !is_quick {
        figures.extend(bench.first_run()?);
    }
    let warm = bench.warm_place()?;
    figures.extend(bench.start(&warm)?);
    let edits = bench.edits(&warm)?;
    figures.extend(bench.unchanged(&warm)?);
    figures.push(bench.save(&warm, &edits)?);
    if !is_quick {
        figures.push(bench.verify(&warm)?);
    }
    drop(lock);
    screen.print(&table::figures(&figures));
    screen.print(&table::edits(&edits));
    Ok(Exit::Passed)
}

/// What is measured, and how often.
struct Bench<'a> {
    course: &'a Course,
    screen: &'a Screen,
    lessons: Vec<&'a Lesson>,
    times: u32,
}

/// How often something is done for one sample where it takes hardly any time:
/// CPU seconds are counted in hundredths.
const MANY: u32 = 20;

impl Bench<'_> {
    /// The first minutes: the runner is built, then the first lesson.
    fn first_run(&self) -> anyhow::Result<[Figure; 2]> {
        let mut tool = Figure::new("the runner is built for the first time", Goal::cpu(9.0));
        let mut verdict = Figure::new("… and gives its first verdict", Goal::cpu(25.0));
        for time in 1..=self.times {
            let what = format!("  {time} of {}: a first run …", self.times);
            self.screen.progress(&what);
            let place = Place::fresh(self.course)?;
            let built = place.measure(&["build", "--quiet", "--package", "xtask"], 1)?;
            let judged = place.measure(&["xtask", "check"], 1)?;
            tool.add(built);
            verdict.add(built + judged);
        }
        Ok([tool, verdict])
    }

    /// A copy in which the runner is built and all lessons are finished.
    fn warm_place(&self) -> anyhow::Result<Place> {
        self.screen.progress("  building the runner in a copy …");
        let place = Place::kept(self.course)?;
        place.measure(&["xtask", "list"], 1)?;
        for lesson in &self.lessons {
            let what = format!("  building {} in a copy …", lesson.name);
            self.screen.progress(&what);
            place.finish(self.course, lesson)?;
            place.measure(&["xtask", "check", &lesson.name], 1)?;
        }
        Ok(place)
    }

    fn start(&self, place: &Place) -> anyhow::Result<[Figure; 2]> {
        let mut runner = Figure::new("the runner starts (`list`)", Goal::cpu(0.02));
        let mut alias = Figure::new("… by way of Cargo (`cargo xtask list`)", None);
        for _ in 0..self.times {
            self.screen.progress("  starting …");
            runner.add(place.measure_runner(&["list"], MANY)?);
            alias.add(place.measure(&["xtask", "list"], MANY)?);
        }
        Ok([runner, alias])
    }

    /// What has not changed is told again.
    fn unchanged(&self, place: &Place) -> anyhow::Result<[Figure; 2]> {
        let names: Vec<&str> = self.lessons.iter().map(|it| it.name.as_str()).collect();
        let mut one = Figure::new("one lesson again, unchanged", Goal::cpu(0.05));
        let mut all = Figure::new("all lessons again, unchanged, each", Goal::cpu(0.01));
        for _ in 0..self.times {
            self.screen.progress("  judging what has not changed …");
            one.add(place.measure(&["xtask", "check", names[0]], MANY)?);
            let arguments = [&["xtask", "check"], &names[..]].concat();
            let share = u32::try_from(names.len())?;
            all.add(place.measure(&arguments, MANY)? / share);
        }
        Ok([one, all])
    }

    fn edits<'e>(&'e self, place: &Place) -> anyhow::Result<Vec<Edits<'e>>> {
        let mut all = Vec::new();
        for lesson in &self.lessons {
            let what = format!("  editing {} …", lesson.name);
            self.screen.progress(&what);
            all.push(Edits::measure(place, lesson, self.times)?);
        }
        Ok(all)
    }

    /// `watch` notices a save by itself.
    fn save(&self, place: &Place, edits: &[Edits<'_>]) -> anyhow::Result<Figure> {
        let bare = figure::median(&edits[0].bare, Cost::wall);
        let name = &self.lessons[0].name;
        let what = format!("`watch` sees a save of {name}");
        let mut figure = Figure::new(&what, Goal::wall(bare + 1.0));
        self.screen.progress("  watching …");
        for cost in saved::measure(place, name, self.times)? {
            figure.add(cost);
        }
        Ok(figure)
    }

    fn verify(&self, place: &Place) -> anyhow::Result<Figure> {
        self.screen.progress("  proving the course (`verify`) …");
        let mut figure = Figure::new("`verify` proves the course", None);
        // What has to be built for it is built by then.
        place.measure(&["build", "--quiet", "--package", "wrong"], 1)?;
        figure.add(place.measure(&["xtask", "verify"], 1)?);
        Ok(figure)
    }
}
