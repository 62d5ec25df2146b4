// What the page needs beyond mdBook's own script. Without this one it can be read
// all the same.
'use strict';

(() => {
  // mdBook's toggle is a label: it says "expanded" without being a button, and
  // cannot be reached by keyboard.
  function makeToggleAButton() {
    const toggle = document.getElementById('mdbook-sidebar-toggle');
    if (!toggle) return;
    toggle.setAttribute('role', 'button');
    toggle.tabIndex = 0;
    toggle.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      toggle.click();
    });
  }

  // The five themes have two looks (palette.css): two names are enough. One that
  // another book at this address has stored stays, since mdBook looks for it.
  function offerTwoThemes() {
    const list = document.getElementById('mdbook-theme-list');
    if (!list) return;
    const names = { default_theme: 'As the system', light: 'Light', navy: 'Dark' };
    for (const button of list.querySelectorAll('button.theme')) {
      const name = names[button.id.replace('mdbook-theme-', '')];
      if (name) button.textContent = name;
      else if (!button.classList.contains('theme-selected')) button.parentElement.remove();
    }
  }

  // mdBook names an element that does not exist.
  function nameSearchResults() {
    const bar = document.getElementById('mdbook-searchbar');
    if (!bar) return;
    bar.setAttribute('aria-label', 'Search this book');
    bar.setAttribute('aria-describedby', 'mdbook-searchresults-header');
    document.getElementById('mdbook-searchresults-header').setAttribute('role', 'status');
  }

  // The first thing that Tab finds: the way past thirty links.
  function addSkipLink() {
    const main = document.querySelector('main');
    const skip = document.createElement('a');
    skip.className = 'skip';
    skip.href = '#';
    skip.textContent = 'Skip to the text';
    skip.addEventListener('click', (event) => {
      event.preventDefault();
      main.tabIndex = -1;
      main.focus();
    });
    document.body.prepend(skip);
  }

  // What scrolls sideways has to scroll by keyboard, too.
  function letScrollersHaveFocus() {
    const scrollers = document.querySelectorAll('main pre > code, .table-wrapper, .drawing');
    for (const scroller of scrollers) {
      if (scroller.scrollWidth > scroller.clientWidth) scroller.tabIndex = 0;
      else scroller.removeAttribute('tabindex');
    }
  }

  // Where a page leaves a level of headings out, mdBook puts a list right into a
  // list: a screen reader then loses count.
  function mendListOfHeadings() {
    for (const list of document.querySelectorAll('#mdbook-sidebar ol > ol')) {
      const item = document.createElement('li');
      list.replaceWith(item);
      item.append(list);
    }
  }

  // What is folded is printed open, and folded again afterwards.
  function unfoldForPrint() {
    let folded = [];
    window.addEventListener('beforeprint', () => {
      folded = Array.from(document.querySelectorAll('main details:not([open])'));
      for (const details of folded) details.open = true;
    });
    window.addEventListener('afterprint', () => {
      for (const details of folded) details.open = false;
    });
  }

  makeToggleAButton();
  offerTwoThemes();
  nameSearchResults();
  addSkipLink();
  letScrollersHaveFocus();
  window.addEventListener('resize', letScrollersHaveFocus);
  unfoldForPrint();
  // mdBook's own listener, which makes that list, was there first.
  document.addEventListener('DOMContentLoaded', mendListOfHeadings);
})();
