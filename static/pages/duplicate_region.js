// duplicate_region.js: a region's name with the one above it, asked for once.
import { api } from '../app/api.js';

const regions = new Map();
export function regionName(region) {
  if (!regions.has(region)) regions.set(region, api.get(`/regions/${region}`).then(({ data }) => (data.path_text || data.name).split(', ').slice(0, 2).join(', '), () => region));
  return regions.get(region);
}
