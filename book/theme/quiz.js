// Quizzes: a chosen answer shows its reason and whether it is right. Without this
// script all reasons stand folded below their question.
//
// A form `.quiz` names its chapter in `data-quiz`. Each `fieldset` is a question:
// `.options` has a radio button for each answer, and `.answers` the reasons, each
// with the button's value in `data-option`, and of class `right` or `wrong`.
'use strict';

(() => {
  const forms = Array.from(document.querySelectorAll('form.quiz'));
  const key = (form) => `on-the-wire quiz ${form.dataset.quiz}`;
  const questions = (form) => Array.from(form.querySelectorAll('fieldset[data-question]'));
  const chosen = (question) => question.querySelector('input[type="radio"]:checked');

  // A browser may forbid to keep anything; then answers last as long as the page.
  function kept(form) {
    try {
      return JSON.parse(localStorage.getItem(key(form))) ?? {};
    } catch {
      return {};
    }
  }

  function keep(form) {
    const pairs = questions(form).map((question) => {
      const answer = chosen(question);
      return answer && [question.dataset.question, answer.value];
    });
    const answers = Object.fromEntries(pairs.filter(Boolean));
    try {
      if (Object.keys(answers).length === 0) localStorage.removeItem(key(form));
      else localStorage.setItem(key(form), JSON.stringify(answers));
    } catch {
      // Nothing is lost but the memory of it.
    }
  }

  function element(name, className, ...content) {
    const made = document.createElement(name);
    made.className = className;
    made.append(...content);
    return made;
  }

  function say(place, text) {
    if (place.textContent !== text) place.textContent = text;
  }

  // Shows the reason for the chosen answer below it; says whether it is right.
  function showQuestion(question) {
    question.querySelector('.chosen-reason')?.remove();
    for (const item of question.querySelectorAll('.options > li')) item.className = '';
    const answer = chosen(question);
    const known = answer && question.querySelector(`.answers li[data-option="${answer.value}"]`);
    if (!known) return null;
    const reason = Array.from(known.querySelector('.reason').childNodes, (node) => node.cloneNode(true));
    const isRight = known.classList.contains('right');
    const verdict = element('strong', '', isRight ? '✓ Right.' : '✗ Not this one.');
    const item = answer.closest('li');
    item.className = isRight ? 'right' : 'wrong';
    item.append(element('p', 'chosen-reason', verdict, ' ', ...reason));
    return isRight;
  }

  function show(form) {
    const results = questions(form).map(showQuestion);
    const answered = results.filter((result) => result !== null).length;
    const right = results.filter(Boolean).length;
    say(form.querySelector('.quiz-score'), `${answered} of ${results.length} answered, ${right} right.`);
    form.querySelector('.quiz-reset').disabled = answered === 0;
  }

  function recall(form) {
    const answers = kept(form);
    for (const question of questions(form)) {
      const answer = answers[question.dataset.question];
      for (const radio of question.querySelectorAll('input[type="radio"]')) {
        radio.checked = radio.value === answer;
      }
    }
    show(form);
  }

  // One quiz stands on two pages, and so twice on the one for print.
  const recallAll = (name) => forms.filter((form) => form.dataset.quiz === name).forEach(recall);

  function beginAgain(form) {
    form.reset();
    keep(form);
    recallAll(form.dataset.quiz);
    say(form.querySelector('.quiz-news'), 'The answers of this quiz are taken back.');
    questions(form)[0].querySelector('input[type="radio"]').focus();
  }

  function addState(form) {
    const reset = element('button', 'quiz-reset plain', 'Begin again');
    reset.type = 'button';
    reset.addEventListener('click', () => beginAgain(form));
    // Read out, not shown: the reason itself stands below its answer.
    const news = element('span', 'quiz-news');
    news.setAttribute('role', 'status');
    form.append(element('div', 'quiz-state', element('span', 'quiz-score'), reset, news));
  }

  for (const form of forms) {
    addState(form);
    form.addEventListener('submit', (event) => event.preventDefault());
    form.addEventListener('change', (event) => {
      keep(form);
      show(form);
      const reason = event.target.closest('fieldset').querySelector('.chosen-reason');
      say(form.querySelector('.quiz-news'), reason.textContent);
    });
    recall(form);
  }

  // An answer that was given in another tab is given here, too.
  window.addEventListener('storage', (event) => {
    for (const form of forms) if (event.key === null || event.key === key(form)) recall(form);
  });
})();
