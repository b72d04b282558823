// The layers of src/lib, and what dependency-cruiser finds of them in the code.
import { join } from 'node:path';
import {
	cruise,
	type ICruiseOptions,
	type ICruiseResult,
	type IForbiddenRuleType
} from 'dependency-cruiser';
import { repoRoot } from './paths.ts';

/** Rooms from the top to the bottom. A room imports rooms of its own layer and of those below. */
const LAYERS: readonly (readonly string[])[] = [
	['components'],
	['app'],
	['screening', 'sessions', 'calibration', 'exports', 'viewer'],
	['worklist', 'review'],
	['smears', 'patients'],
	['reading', 'regions', 'engine'],
	['tasks', 'models', 'formats', 'pixels'],
	['intake'],
	['storage', 'statistics', 'platform'],
	['i18n', 'problems', 'base']
];

/** Below all rooms: the compiled messages. */
const MESSAGES = 'paraglide';

/** The rooms that a room may import. */
function reachOf(room: string): string[] {
	return LAYERS.slice(LAYERS.findIndex((layer) => layer.includes(room))).flat();
}

const folders = (rooms: readonly string[]) => `^src/lib/(${rooms.join('|')})/`;

function rulesOf(layers: readonly (readonly string[])[]): IForbiddenRuleType[] {
	const rooms = layers.flat();
	return [
		...rooms.map((room): IForbiddenRuleType => {
			// Every room speaks through i18n, so it knows none of them.
			const reach = room === 'i18n' ? ['i18n', 'base'] : reachOf(room);
			return {
				name: `layer-of-${room}`,
				comment: `src/lib/${room} may import only: ${reach.join(', ')}`,
				severity: 'error',
				from: { path: folders([room]) },
				to: { path: '^src/', pathNot: folders([...reach, MESSAGES]) }
			};
		}),
		{
			name: 'no-cycle',
			comment: 'a file imports itself by way of others, types included',
			severity: 'error',
			from: {},
			to: { circular: true }
		},
		{
			name: 'in-a-room',
			comment: 'a file of src/lib lies in a room that has a layer',
			severity: 'error',
			from: { path: '^src/lib/', pathNot: folders([...rooms, MESSAGES]) },
			to: {}
		},
		{
			name: 'page-alone',
			comment: 'src imports nothing beside it',
			severity: 'error',
			from: { path: '^src/' },
			to: { path: '^(tools|tests|deploy)/' }
		},
		{
			name: 'resolved',
			comment: 'the file is not found',
			severity: 'error',
			from: { path: '^src/' },
			// Modules of SvelteKit, and addresses of files, which Vite knows.
			to: { couldNotResolve: true, pathNot: '^\\$(service-worker$|app/)|\\?url$' }
		}
	];
}

const OPTIONS: ICruiseOptions = {
	baseDir: repoRoot,
	validate: true,
	ruleSet: { forbidden: rulesOf(LAYERS) },
	// Imports of types count.
	tsPreCompilationDeps: true,
	doNotFollow: { path: 'node_modules' },
	// AssemblyScript, and what is compiled from it.
	exclude: { path: '/assembly/|\\.wasm' }
};

/** All imports of src, with what breaks a rule. */
export async function readImports(): Promise<ICruiseResult> {
	const { output } = await cruise(['src'], OPTIONS, {
		alias: { $lib: join(repoRoot, 'src/lib') },
		extensions: ['.ts', '.js', '.svelte', '.json', '.d.ts'],
		exportsFields: ['exports'],
		conditionNames: ['svelte', 'import', 'types', 'node', 'default']
	});
	if (typeof output === 'string') throw new Error(output);
	return output;
}

/** What breaks a rule, a line each. */
export function faultsOf({ summary }: ICruiseResult): string[] {
	return summary.violations.map(({ rule, from, to, cycle }) => {
		const comment = summary.ruleSetUsed?.forbidden?.find(({ name }) => name === rule.name)?.comment;
		const way = cycle ? cycle.map(({ name }) => name).join(' -> ') : to;
		return `${from} -> ${way}: ${comment ?? rule.name}`;
	});
}

/** The rooms that each room imports, in the order of the layers. */
export function roomsOf({ modules }: ICruiseResult): Map<string, Set<string>> {
	const rooms = LAYERS.flat();
	const found = new Map(rooms.map((room) => [room, new Set<string>()]));
	for (const { source, dependencies } of modules) {
		const imported = found.get(roomOf(source) ?? '');
		for (const { resolved } of dependencies) {
			const room = roomOf(resolved);
			if (room !== null && room !== roomOf(source)) imported?.add(room);
		}
	}
	return found;
}

function roomOf(path: string): string | null {
	const room = /^src\/lib\/([^/]+)\//.exec(path)?.[1];
	return room !== undefined && LAYERS.flat().includes(room) ? room : null;
}

/**
 * The rooms as a Mermaid chart. An import is left out where a way over a room between says it
 * already.
 */
export function drawRooms(imports: ReadonlyMap<string, ReadonlySet<string>>): string {
	const layerOf = (room: string) => LAYERS.findIndex((layer) => layer.includes(room));
	const isBetween = (room: string, from: string, to: string) =>
		layerOf(from) < layerOf(room) && layerOf(room) < layerOf(to);
	const arrows = [...imports].flatMap(([from, reached]) =>
		LAYERS.flat()
			.filter((to) => reached.has(to))
			.filter(
				(to) =>
					![...reached].some((room) => isBetween(room, from, to) && imports.get(room)?.has(to))
			)
			.map((to) => `\t${from} --> ${to}`)
	);
	const layers = LAYERS.flatMap((rooms, i) => [
		`\tsubgraph layer${i + 1}[" "]`,
		`\t\t${rooms.join('; ')}`,
		'\tend'
	]);
	return ['flowchart TB', ...layers, ...arrows].join('\n');
}
