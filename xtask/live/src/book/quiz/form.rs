//! A quiz as a form that needs no script: the answers stand below each question,
//! folded; a script may show the reason for the option that was chosen.

use super::{Question, Quiz};
use wire::escape;

use crate::book::html::inline;

/// The form of the quiz `name`, as HTML without a blank line. Ids begin with
/// `prefix`, as the same quiz stands on two pages of the book.
pub(crate) fn form(quiz: &Quiz, name: &str, prefix: &str) -> String {
    let questions = quiz.questions.iter().enumerate();
    let questions: String = questions
        .map(|(index, question)| fieldset(question, index + 1, &format!("{prefix}-{name}")))
        .collect();
    format!(
        "<form class=\"quiz\" id=\"{prefix}-{name}\" data-quiz=\"{name}\">\n{questions}</form>",
        name = escape(name)
    )
}

fn fieldset(question: &Question, number: usize, form: &str) -> String {
    let id = escape(question.id.get_ref());
    let (mut options, mut reasons) = (String::new(), String::new());
    for (index, option) in question.options.iter().enumerate() {
        let (number, text) = (index + 1, inline(option.text.get_ref()));
        options += &format!(
            "<li><label><input type=\"radio\" name=\"{id}\" value=\"{number}\"> \
             <span>{text}</span></label></li>\n"
        );
        let (class, word) = match option.right {
            true => ("right", "Right"),
            false => ("wrong", "Wrong"),
        };
        reasons += &format!(
            "<li class=\"{class}\" data-option=\"{number}\"><span class=\"option\">{text}</span> \
             <strong>{word}.</strong> <span class=\"reason\">{}</span></li>\n",
            inline(&option.reason)
        );
    }
    format!(
        "<fieldset id=\"{form}-{id}\" data-question=\"{id}\">\n<legend>{number}. {}</legend>\n\
         <ol class=\"options\">\n{options}</ol>\n<details class=\"answers\">\n\
         <summary>The answer, and why</summary>\n<ol>\n{reasons}</ol>\n</details>\n</fieldset>\n",
        inline(&question.text)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_escapes_what_it_shows_and_has_no_blank_line() {
        let text = "[[question]]\nid = \"a\"\ntext = \"\"\"Is `Vec<u8>`\n\n<script> <b>one</b>?\"\"\"\n\
            [[question.option]]\ntext = \"yes & no\"\nright = true\nreason = \"</form>\"\n";
        let quiz: Quiz = toml::from_str(text).expect("a quiz");
        let form = form(&quiz, "tcp-server", "quiz");
        for markup in ["<script>", "<b>", "\n\n"] {
            assert!(!form.contains(markup), "{markup:?} in {form}");
        }
        assert_eq!(form.matches("</form>").count(), 1, "{form}");
        for part in ["Vec&lt;u8&gt;", "yes &amp; no", "id=\"quiz-tcp-server-a\""] {
            assert!(form.contains(part), "{part} in {form}");
        }
    }
}
