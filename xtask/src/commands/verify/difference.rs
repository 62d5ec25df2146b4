//! Tells of a verdict that was not what it is as a rule.

use super::ledger::{Run, Seen, outcome};
use crate::clock::Moment;
use crate::course::Lesson;
use crate::report::{Look, Teller, Tone, plural};
use crate::verdict::CheckVerdict;

/// A check of a program that came out otherwise than it does as a rule.
pub(super) struct Difference<'a> {
    pub(super) lesson: &'a Lesson,
    /// The program, as it is named on a command line.
    pub(super) program: &'a str,
    pub(super) run: Run,
    pub(super) now: &'a CheckVerdict,
    pub(super) usual: &'a Seen,
}

impl Difference<'_> {
    /// All that is known, with the evidence of what failed: it may not come
    /// again.
    pub(super) fn text(&self, look: Look) -> String {
        let Difference {
            program, run, now, ..
        } = self;
        let Seen {
            outcome: usual,
            times,
            first,
            verdict,
        } = self.usual;
        let lesson = &self.lesson.name;
        let sign = look.paint(Tone::Bad, "differs");
        let outcome = outcome(now).unwrap_or_default();
        let failed = match now.is_no_obstacle() {
            true => verdict,
            false => now,
        };
        let teller = Teller {
            look,
            lesson: self.lesson,
            next: None,
            program: Some(self.program.to_string()),
            now: Moment::now(),
        };
        format!(
            "{sign}  {lesson}: {} of {program}\n\
             \x20 run {}, seed {}: {outcome}\n\
             \x20 so far {}, first in run {}, seed {}: {usual}\n\
             \x20 again: cargo xtask check {lesson} --program {program} --seed {}\n\
              {}",
            now.name,
            run.number,
            run.seed,
            plural(times, "time"),
            first.number,
            first.seed,
            run.seed,
            teller.check(failed, true),
        )
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;
    use crate::verdict::{Evidence, Status};

    fn passed() -> CheckVerdict {
        CheckVerdict {
            status: Status::Passed,
            ..CheckVerdict::not_run("greets", "Says hello to each client.")
        }
    }

    fn failed() -> CheckVerdict {
        let evidence = Evidence {
            cause: "silent".to_string(),
            expected: "`hello` to client 1".to_string(),
            got: "nothing for 5.0 s".to_string(),
            seed: 4198,
            ..Evidence::default()
        };
        CheckVerdict {
            status: Status::Failed(Box::new(evidence)),
            ..passed()
        }
    }

    fn tell(now: &CheckVerdict, usual: CheckVerdict) -> String {
        let lesson = Lesson {
            name: "greeter".to_string(),
            title: "A greeter".to_string(),
            part: String::new(),
        };
        let run = |number, seed| Run { number, seed };
        let difference = Difference {
            lesson: &lesson,
            program: "target/debug/greeter-solution",
            run: run(17, 4198),
            now,
            usual: &Seen {
                outcome: outcome(&usual).unwrap(),
                times: 16,
                first: run(1, 4182),
                verdict: usual,
            },
        };
        difference.text(Look::plain(80).with_drawings())
    }

    #[test]
    fn a_difference_is_told_with_its_evidence_and_its_seed() {
        assert_snapshot!(tell(&failed(), passed()), @"
        differs  greeter: greets of target/debug/greeter-solution
          run 17, seed 4198: failed: silent
          so far 16 times, first in run 1, seed 4182: passed
          again: cargo xtask check greeter --program target/debug/greeter-solution --seed 4198
          failed greets
            Says hello to each client.

            expected  `hello` to client 1
            got       nothing for 5.0 s
            cause     silent
        ");
    }

    #[test]
    fn a_success_among_failures_shows_the_failure() {
        let text = tell(&passed(), failed());
        assert!(text.contains("run 17, seed 4198: passed\n"), "{text}");
        assert!(text.contains("got       nothing for 5.0 s\n"), "{text}");
    }
}
