// lint_test.mjs: the document of a running server under the strict rules of an OpenAPI linter. Its packages are installed once; it asks no network.
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { step, equal, truth, close } from './check.mjs';
import { startRegistry } from './registry.mjs';

process.env.REDOCLY_TELEMETRY = 'off';
const registry = await startRegistry(process.argv[2]);
try {
  const config = await createConfig({ extends: ['recommended-strict'], rules: { 'no-unused-components': 'error', 'no-ambiguous-paths': 'error', 'path-parameters-defined': 'error', 'operation-operationId-url-safe': 'error' } });
  const lint = async (source) => (await lintFromString({ source, absoluteRef: 'openapi.json', config })).map((problem) => `${problem.ruleId} ${problem.location[0].pointer}: ${problem.message}`);
  const source = await (await fetch(`${registry.base}/openapi.json`)).text(), document = JSON.parse(source), operations = Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));

  await step(`/openapi.json of ${operations.length} calls: no finding`, async () => equal((await lint(source)).slice(0, 10), []));
  await step('every call names its permission, and only public ones take no session', () => {
    truth(operations.length > 80, `${operations.length} calls`);
    for (const { path, method, operation } of operations) {
      truth(operation['x-permission'], `${method} ${path} names no permission`);
      equal(operation.security !== undefined, operation['x-permission'] === 'public', `${method} ${path}`);
    }
  });
  await step('every media type is one type', () => {
    for (const { path, operation } of operations) for (const type of Object.keys(operation.requestBody?.content ?? {})) truth(/^[a-z]+\/[a-z0-9.+-]+$/.test(type), `${path}: ${type}`);
  });
  for (const [name, rule, spoil] of [
    ['two calls of one name', 'operation-operationId-unique', (copy) => { copy.paths['/healthz'].get.operationId = copy.paths['/readyz'].get.operationId; }], ['a reference to nothing', 'no-unresolved-refs', (copy) => { delete copy.components.schemas.problem; }],
    ['a call without refusals', 'operation-4xx-response', (copy) => { delete copy.paths['/healthz'].get.responses['4XX']; }], ['an unknown member', 'struct', (copy) => { copy.paths['/healthz'].get.respones = {}; }], ['no security', 'security-defined', (copy) => { delete copy.security; }],
  ]) await step(`the linter finds ${name}`, async () => { const copy = structuredClone(document); spoil(copy); const found = await lint(JSON.stringify(copy)); truth(found.some((line) => line.startsWith(rule)), JSON.stringify(found.slice(0, 3))); });
} finally {
  await registry.stop();
}
close();
