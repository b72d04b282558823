// Which instructions V8 uses: figures from a processor with AVX-VNNI say little about one without.
import { readFile } from 'node:fs/promises';
import { arch, platform } from 'node:os';
import { Problem } from '../lib/problem.ts';

/** The newest instructions that V8 may use: none of AVX, AVX2, or AVX-VNNI too. */
const CPU_KINDS = ['plain', 'avx2', 'vnni'] as const;
export type CpuKind = (typeof CPU_KINDS)[number];

/** V8's flags that leave out what a kind does not have. */
const LEFT_OUT: Record<CpuKind, readonly string[]> = {
	plain: ['avx', 'avx2', 'fma3', 'avx-vnni', 'avx-vnni-int8'],
	avx2: ['avx-vnni', 'avx-vnni-int8'],
	vnni: []
};

/** @throws {Problem} for a kind that there is not */
export function readCpuKind(value: string | undefined): CpuKind | null {
	if (value === undefined) return null;
	const kind = CPU_KINDS.find((name) => name === value);
	if (!kind) throw new Problem(`--cpu is one of ${CPU_KINDS.join(', ')}, not ${value}.`);
	return kind;
}

/** For Chromium's --js-flags and for Node. */
export function jsFlagsOf(kind: CpuKind): string {
	return LEFT_OUT[kind].map((name) => `--no-enable-${name}`).join(' ');
}

/**
 * The kind of this processor, as far as the system says.
 * @param cpuinfo Linux's /proc/cpuinfo
 * @returns null for another processor than x86, or where the system does not say
 */
export function kindOfProcessor(architecture: string, cpuinfo: string): CpuKind | null {
	if (architecture !== 'x64') return null;
	const line = /^flags\s*:(.*)$/m.exec(cpuinfo)?.[1];
	if (line === undefined) return null;
	const flags = new Set(line.trim().split(/\s+/));
	if (!flags.has('avx2')) return 'plain';
	// V8 takes AVX-VNNI only; AVX512-VNNI is another encoding, which it does not write.
	return flags.has('avx_vnni') ? 'vnni' : 'avx2';
}

/**
 * What V8 uses where a kind was asked for.
 * @throws {Problem} where the processor does not have it
 */
export async function usedKind(asked: CpuKind | null): Promise<CpuKind | null> {
	const cpuinfo =
		platform() === 'linux' ? await readFile('/proc/cpuinfo', 'utf8').catch(() => '') : '';
	const here = kindOfProcessor(arch(), cpuinfo);
	if (asked === null) return here;
	if (here && CPU_KINDS.indexOf(asked) > CPU_KINDS.indexOf(here)) {
		throw new Problem(`This processor does not have what --cpu ${asked} asks for; it is ${here}.`);
	}
	return asked;
}

/** In words. */
export function cpuWords(kind: CpuKind | null): string {
	if (kind === null) return 'whatever instructions V8 finds';
	const words = {
		plain: 'V8 without AVX',
		avx2: 'V8 with AVX2, without AVX-VNNI',
		vnni: 'V8 with AVX-VNNI'
	};
	return words[kind];
}
