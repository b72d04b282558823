/** The tasks of this program: a new one is a folder here and a line below. */
import { chestXrayPneumonia } from './chest-xray-pneumonia';
import { malariaCell } from './malaria-cell';
import { speakOfTasks } from '../problems/messages';
import { problemSentences } from './problem-messages';
import { TaskRegistry } from './registry';

/** In the order in which the pages show them. */
export const TASKS = new TaskRegistry([chestXrayPneumonia, malariaCell]);

speakOfTasks(problemSentences(TASKS));
