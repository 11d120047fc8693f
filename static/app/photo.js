// photo.js: a photo made small before it is sent: the longer side 1280 px, JPEG; and the upload of what was drawn or taken.
import { api } from './api.js';

const SIDE_MAX = 1280;

export async function shrink(file) {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, SIDE_MAX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.round(bitmap.width * scale);
  canvas.height = Math.round(bitmap.height * scale);
  canvas.getContext('2d').drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.82));
}

export const attach = async (blob) => (await api.upload('/attachments', blob, blob.type)).data.id;
