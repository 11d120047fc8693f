// theme_first.js: runs before the first paint, so that a dark choice on a light device does not flash: the person's choice, else the device's.
{
  const device = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = localStorage.getItem('lumbung.theme');
    document.documentElement.dataset.theme = ['light', 'dark'].includes(chosen) ? chosen : device.matches ? 'dark' : 'light';
  };
  apply();
  device.addEventListener('change', apply);
  addEventListener('theme', apply);
}
