/** Notes on stages of campaigns that will be refused for some of their subjects, as far as the plan alone tells. */
import type { ScenarioPlan } from '../../models/plan/scenario.ts';
import { foreseenRefusals } from '../../models/versions/foreseen.ts';

const NAMED = 3;

/** One note per stage and reason, however many subjects there are. */
export function refusalNotes(
  scenario: Pick<ScenarioPlan, 'fleet' | 'faults' | 'campaigns'>,
): readonly string[] {
  return foreseenRefusals(scenario).map(({ campaign, stage, names, why }) => {
    const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
    const stops = names.length > stage.maxFailures ? ', and the campaign stops at that' : '';
    return `Campaign ${campaign}, stage ${stage.name}: ${names.slice(0, NAMED).join(', ')}${more} will be refused ${stage.to}${stops}: ${why}.`;
  });
}
