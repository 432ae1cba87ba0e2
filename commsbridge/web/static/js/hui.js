// The timer of a hui, where the family agreed to one: how many minutes are left, said once a minute, never in red.
const shown = document.querySelector("[data-ends]");
if (shown) {
  const ends = Date.parse(shown.dataset.ends);
  const say = () => {
    const left = Math.ceil((ends - Date.now()) / 60000);
    shown.textContent = left > 0 ? shown.dataset.left.replace("{n}", String(left)) : shown.dataset.over;
  };
  say();
  setInterval(say, 15000);
}
