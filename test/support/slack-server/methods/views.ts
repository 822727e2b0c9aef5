import { checkView } from '../check-view.ts';
import { jsonArg, neededArg, textArg, type Call, type Methods } from '../method.ts';
import { SlackFailure } from '../slack-failure.ts';
import type { Json, SlackView } from '../slack-types.ts';
import { replaceView, storeView, viewJson } from '../view-state.ts';
import type { Trigger, World } from '../world.ts';

/** A trigger can be used once, within three seconds. */
function spendTrigger({ args, world }: Call): Trigger {
  const trigger = world.triggers.get(neededArg(args, 'trigger_id', 'invalid_trigger_id'));
  if (trigger === undefined) throw new SlackFailure('invalid_trigger_id');
  if (world.now().getTime() > trigger.expiresAt) {
    world.violations.push('A modal was asked for with a trigger_id that had expired.');
    throw new SlackFailure('expired_trigger_id');
  }
  if (trigger.isUsed) throw new SlackFailure('exchanged_trigger_id');
  trigger.isUsed = true;
  return trigger;
}

const readView = ({ args }: Call): SlackView['content'] => checkView(jsonArg(args, 'view', 'invalid_arguments'));

function findView({ args, world }: Call): SlackView {
  const [id, external] = [textArg(args, 'view_id'), textArg(args, 'external_id')];
  const view = [...world.views.values()].find(
    (one) => one.isOpen && (one.id === id || (external !== undefined && one.content['external_id'] === external)),
  );
  if (view === undefined) throw new SlackFailure('not_found');
  const hash = textArg(args, 'hash');
  if (hash !== undefined && hash !== view.hash) throw new SlackFailure('hash_conflict');
  return view;
}

const answer = (world: World, view: SlackView): Json => ({ view: viewJson(world, view) });

export const viewMethods: Methods = {
  'views.open': {
    run: (call) => {
      const content = readView(call);
      const { user, act } = spendTrigger(call);
      return answer(call.world, storeView(call.world, content, { user, act }));
    },
  },
  'views.push': {
    run: (call) => {
      const content = readView(call);
      const { user, act } = spendTrigger(call);
      const parent = [...call.world.views.values()].findLast(
        (one) => one.isOpen && one.user === user && one.type === 'modal',
      );
      if (parent === undefined) throw new SlackFailure('not_found');
      return answer(call.world, storeView(call.world, content, { user, act, parent: parent.id }));
    },
  },
  'views.update': {
    run: (call) => {
      const content = readView(call);
      const view = findView(call);
      replaceView(call.world, view, content);
      return answer(call.world, view);
    },
  },
  'views.publish': {
    run: (call) => {
      const content = readView(call);
      const user = neededArg(call.args, 'user_id');
      for (const old of call.world.views.values()) if (old.type === 'home' && old.user === user) old.isOpen = false;
      return answer(call.world, storeView(call.world, content, { user }));
    },
  },
};
