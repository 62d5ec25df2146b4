//! How text looks: with signs and colours, or in words alone.

use anstyle::{AnsiColor, Style};

use super::links;

/// The signs, the colours and the width that a report is written in.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    pub(crate) passed: &'static str,
    pub(crate) failed: &'static str,
    pub(crate) skipped: &'static str,
    pub(crate) broken: &'static str,
    /// Draw diagrams in ASCII, for whatever reads the other end of a pipe.
    pub(crate) ascii: bool,
    pub(crate) width: usize,
    /// Draw conversations, instead of telling them.
    draws: bool,
    colours: bool,
    /// Name keys, where there is one, and not commands.
    keys: bool,
    /// The address of the course's folder, where links are understood.
    links: Option<&'static str>,
}

/// The width of a bar that shows how much is done.
const BAR: usize = 14;

/// What a colour stands for; there are always words that say the same.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tone {
    Good,
    Bad,
    Doubtful,
    Title,
    Aside,
}

impl Look {
    /// For a terminal.
    pub(crate) fn human(width: usize) -> Look {
        Look {
            passed: "✓",
            failed: "✗",
            skipped: "–",
            broken: "!",
            ascii: false,
            width,
            draws: true,
            colours: true,
            keys: false,
            links: None,
        }
    }

    /// For a pipe, or somebody who listens: words, and no sign without one.
    pub(crate) fn plain(width: usize) -> Look {
        Look {
            passed: "passed",
            failed: "failed",
            skipped: "skipped",
            broken: "broken",
            ascii: true,
            width,
            draws: false,
            colours: false,
            keys: false,
            links: None,
        }
    }

    /// The same, with drawings: for a log that is looked at later.
    pub(crate) fn with_drawings(self) -> Look {
        Look {
            draws: true,
            ..self
        }
    }

    /// The same for `watch`, where what comes next is a key away, or with `keys`
    /// false a command all the same.
    pub(crate) fn with_keys(self, keys: bool) -> Look {
        Look { keys, ..self }
    }

    /// How one asks for what `key` does in `watch`, and `command` elsewhere.
    pub(crate) fn way(&self, key: char, command: &str) -> String {
        match self.keys {
            true => format!("press {key}"),
            false => command.to_string(),
        }
    }

    /// Whether a conversation is to be drawn. Where there is too little room,
    /// sentences say more than arrows.
    pub(crate) fn draws(&self) -> bool {
        self.draws && self.width >= 56
    }

    /// What stands between the name of a thing and what it is about.
    pub(crate) fn between(&self) -> &'static str {
        if self.ascii { ": " } else { " · " }
    }

    /// What stands before a remark.
    pub(crate) fn bullet(&self) -> &'static str {
        if self.ascii { "" } else { "· " }
    }

    /// The same, with links to the files of the course at `address`.
    pub(crate) fn with_links(self, address: &'static str) -> Look {
        Look {
            links: Some(address),
            ..self
        }
    }

    /// `text` as a link to the course's file at `path`, where links are
    /// understood. It takes no more room than without.
    pub(crate) fn link(&self, text: &str, path: &str) -> String {
        match self.links {
            Some(root) => links::link(text, &format!("{root}/{path}")),
            None => text.to_string(),
        }
    }

    /// How much is done: a bar, and the same in words.
    pub(crate) fn share(&self, done: usize, of: usize) -> String {
        let full = (done * BAR).checked_div(of).unwrap_or(0).min(BAR);
        let (full_sign, rest) = if self.ascii {
            ("#", "-")
        } else {
            ("━", "┄")
        };
        let bar = full_sign.repeat(full) + &rest.repeat(BAR - full);
        format!("{bar} {done} of {of}")
    }

    /// `text` in the colour of `tone`.
    pub(crate) fn paint(&self, tone: Tone, text: &str) -> String {
        let style = match tone {
            _ if !self.colours => Style::new(),
            Tone::Good => Style::new().fg_color(Some(AnsiColor::Green.into())),
            Tone::Bad => Style::new().bold().fg_color(Some(AnsiColor::Red.into())),
            // Yellow cannot be read on white.
            Tone::Doubtful => Style::new().fg_color(Some(AnsiColor::Magenta.into())),
            Tone::Title => Style::new().bold(),
            Tone::Aside => Style::new().dimmed(),
        };
        format!("{style}{text}{style:#}")
    }
}
