// theme.js: light or dark: as the device says, until the person chooses; the choice stays on the device and theme_first.js applies it.
export const isDark = () => document.documentElement.dataset.theme === 'dark';

export function turnTheme() {
  localStorage.setItem('lumbung.theme', isDark() ? 'light' : 'dark');
  dispatchEvent(new Event('theme'));
}
