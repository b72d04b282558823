import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../src/lib/intake/kind';
import { readHeader } from '../../src/lib/pixels/header';
import { SAMPLES } from '../../src/lib/samples';

describe('the sample images', () => {
	it('are at least four, and all that is in their folder', () => {
		expect(SAMPLES.length).toBeGreaterThanOrEqual(4);
		expect(readdirSync('static/samples').sort()).toEqual([...SAMPLES].sort());
	});

	it.each(SAMPLES)('say by their name that nobody’s film is shown, and are read: %s', (name) => {
		const bytes = readFileSync(`static/samples/${name}`);
		expect(name).toMatch(/^synthetic-/);
		expect(readHeader(kindOf(bytes), bytes)).toMatchObject({ ok: true, value: { kind: 'jpeg' } });
	});
});
