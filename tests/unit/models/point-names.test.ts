import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import type { Manifest } from '../../../src/lib/models/manifest';
import { pointName } from '../../../src/lib/models/point-names';
import { overwriteGetLocale } from '../../../src/lib/paraglide/runtime.js';

const shipped = readdirSync('static/models', { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name);

afterEach(() => overwriteGetLocale(() => 'en'));

it.each(shipped)('the settings of %s are in the catalogue', (id) => {
	const text = readFileSync(`static/models/${id}/manifest.json`, 'utf8');
	let asked = 0;
	overwriteGetLocale(() => {
		asked++;
		return 'en';
	});
	for (const point of (JSON.parse(text) as Manifest).operatingPoints) {
		asked = 0;
		expect(pointName(point)).toBe(point.name);
		expect(asked, point.name).toBe(1);
	}
});

it('a setting of another model keeps its maker’s name', () => {
	expect(pointName({ name: 'Night shift' })).toBe('Night shift');
	expect(pointName({ name: 'constructor' })).toBe('constructor');
});
