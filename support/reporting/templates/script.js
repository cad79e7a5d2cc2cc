(() => {
  const form = document.querySelector('.filter');
  const search = document.getElementById('search');
  const shown = document.getElementById('shown');
  const nothing = document.getElementById('nothing');
  const facets = [...new Set([...form.querySelectorAll('[type="radio"]')].map(({ name }) => name))];
  const scenarios = [...document.querySelectorAll('details.scenario')].map((element) => {
    const feature = element.closest('.feature');
    const title = feature.querySelector('h3').textContent;
    return { element, text: `${title} ${element.textContent.slice(0, 100000)}`.toLowerCase() };
  });

  const apply = () => {
    const chosen = facets
      .map((facet) => [facet, form.elements[facet].value])
      .filter(([, value]) => value !== 'all');
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let matching = 0;
    for (const { element, text } of scenarios) {
      const matches =
        chosen.every(([facet, value]) => element.dataset[facet] === value) &&
        words.every((word) => text.includes(word));
      element.hidden = !matches;
      if (matches) matching += 1;
    }
    // A heading without a scenario below it says nothing.
    for (const heading of document.querySelectorAll('.rule, .examples')) {
      const others = heading.matches('.rule') ? '.rule' : '.rule, .examples';
      let next = heading.nextElementSibling;
      while (next && !next.matches(others) && !next.matches('details.scenario:not([hidden])')) {
        next = next.nextElementSibling;
      }
      heading.hidden = !next?.matches('details.scenario');
    }
    for (const feature of document.querySelectorAll('.feature')) {
      feature.hidden = feature.querySelector('details.scenario:not([hidden])') === null;
    }
    nothing.hidden = matching > 0;
    shown.textContent =
      matching === scenarios.length ? '' : `${matching} of ${scenarios.length} ${form.dataset.noun} shown`;
  };

  const openAll = (open) => {
    for (const { element } of scenarios) if (!element.hidden) element.open = open;
  };

  const openTarget = () => {
    const target = document.getElementById(location.hash.slice(1));
    if (target?.closest('[hidden]')) {
      form.reset();
      apply();
      target.scrollIntoView();
    }
    if (!target?.matches('details.scenario')) return;
    target.open = true;
    target.scrollIntoView();
    target.querySelector('summary').focus({ preventScroll: true });
  };

  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  document.getElementById('open-all').addEventListener('click', () => openAll(true));
  document.getElementById('close-all').addEventListener('click', () => openAll(false));
  addEventListener('hashchange', openTarget);
  form.hidden = false;
  // A reload restores what was typed, so the list has to follow.
  addEventListener('pageshow', apply);
  apply();
  openTarget();
})();
