// Writes schemas/manifest.schema.json from the Valibot schema; --check only compares.
import { readFile, writeFile } from 'node:fs/promises';
import { toJsonSchema } from '@valibot/to-json-schema';
import { manifestSchema } from '../src/lib/models/manifest-schema.ts';
import { Problem, runMain } from './lib/problem.ts';

const target = new URL('../schemas/manifest.schema.json', import.meta.url);

await runMain(async () => {
	const schema = { title: 'Fieldlens model manifest', ...toJsonSchema(manifestSchema) };
	const text = JSON.stringify(schema, null, '\t') + '\n';
	if (!process.argv.includes('--check')) {
		await writeFile(target, text);
	} else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
		throw new Problem('schemas/manifest.schema.json is out of date. Run: npm run schema');
	}
});
