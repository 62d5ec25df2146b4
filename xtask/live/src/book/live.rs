//! The panel that shows the learner's own verdict. In the pages it says only
//! what to run: what is served adds the rest by script.

/// The panel of `lesson`, as HTML without a blank line.
pub(crate) fn panel(lesson: &str) -> String {
    format!(
        "<section class=\"live\" data-lesson=\"{lesson}\" aria-labelledby=\"live-{lesson}\">\n\
         <p class=\"live-title\" id=\"live-{lesson}\"><strong>Your program</strong></p>\n\
         <p class=\"live-static\">Run <code>cargo xtask check {lesson}</code>: it judges your \
         program, and says what to look at next.</p>\n\
         </section>"
    )
}
