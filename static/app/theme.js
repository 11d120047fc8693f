// theme.js: light or dark: as the device says, until the person chooses; the choice stays on the device.
const KEY = 'lumbung.theme';
const MEDIA = { light: 'not all', dark: 'screen', device: 'screen and (prefers-color-scheme: dark)' };

const chosen = () => localStorage.getItem(KEY) || 'device';
export const isDark = () => (chosen() === 'device' ? matchMedia('(prefers-color-scheme: dark)').matches : chosen() === 'dark');
export const applyTheme = () => { document.getElementById('dark').media = MEDIA[chosen()] || MEDIA.device; };

export function turnTheme() {
  localStorage.setItem(KEY, isDark() ? 'light' : 'dark');
  applyTheme();
}
