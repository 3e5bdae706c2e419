import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { routes } from '../../../app/routes';
import { Button } from '../../../components/Button';
import { Dialog } from '../../../components/Dialog';
import { Field } from '../../../components/Field';
import { Icon } from '../../../components/Icon';
import { Select } from '../../../components/MenuButton';
import { Note } from '../../../components/Note';
import { Row, Rows } from '../../../components/Rows';
import { useToast } from '../../../components/Toast';
import { until } from '../../../components/time';
import { useClient, useInvites, type ConversationItem, type Invite } from '../../../lib';
import { useDeed } from '../../people/hooks/useDeed';
import { useTitle } from '../../people/hooks/useTitle';

const DAY = 86_400;
const PERIODS = [
  { value: String(3600), label: 'An hour' },
  { value: String(DAY), label: 'A day' },
  { value: String(7 * DAY), label: 'A week' },
  { value: String(30 * DAY), label: '30 days' },
];
const USES = [
  { value: '1', label: '1' },
  { value: '10', label: '10' },
  { value: '100', label: '100' },
  { value: '0', label: 'Any number' },
];

const linkOf = (code: string) => `${location.origin}${routes.invite(code)}`;

export function InviteDialog({ item, onClose }: { readonly item: ConversationItem; readonly onClose: () => void }) {
  const client = useClient();
  const queries = useQueryClient();
  const toast = useToast();
  const title = useTitle(item);
  const invites = useInvites(item.id);
  const deed = useDeed();
  const [period, setPeriod] = useState(String(7 * DAY));
  const [uses, setUses] = useState('10');
  const [made, setMade] = useState<Invite>();
  const actions = client.conversations.get(item.id);
  const refresh = () => queries.invalidateQueries({ queryKey: ['invites', item.id] });
  const copy = async (code: string) => {
    await navigator.clipboard.writeText(linkOf(code));
    toast({ text: 'Link copied' });
  };
  const make = () =>
    deed.run(async () => {
      setMade(await actions.createInvite({ expiresIn: Number(period), ...(uses !== '0' && { maxUses: Number(uses) }) }));
      await refresh();
    });
  return (
    <Dialog title={`Invite to ${title}`} onClose={onClose}>
      <div className="stacked">
        {made?.code ? (
          <div>
            <div className="link-row">
              <Field label="The link" hideLabel size="l" readOnly value={linkOf(made.code)} onFocus={event => event.target.select()} />
              <Button look="primary" size="l" icon="copy" data-autofocus onClick={() => void copy(made.code ?? '')}>
                Copy
              </Button>
            </div>
            <p className="help">
              Works until {until(made.expiresAt)}. Anyone with this link can join. Until they do, they see the name and how many are here, but no messages.
            </p>
          </div>
        ) : (
          <>
            <Rows>
              <Row start={<Icon name="clock" />} title="Works for" end={<Select label="Works for" value={period} options={PERIODS} onChange={setPeriod} />} />
              <Row start={<Icon name="users" />} title="How many people" end={<Select label="How many people" value={uses} options={USES} onChange={setUses} />} />
            </Rows>
            <Button look="primary" size="l" icon="link" wide busy={deed.busy} onClick={make}>
              Make a link
            </Button>
          </>
        )}
        {deed.problem && (
          <Note tone="danger" live>
            {deed.problem}
          </Note>
        )}
        {(invites.data?.length ?? 0) > 0 && (
          <div>
            <div className="ptitle">
              <span>Active links</span>
            </div>
            {invites.data?.map(invite => (
              <div className="prow" key={invite.inviteId}>
                <Icon name="link" />
                <div className="grow">
                  <div className="small">until {until(invite.expiresAt)}</div>
                  <div className="tiny dim3">
                    {invite.uses} {invite.maxUses ? `of ${invite.maxUses} ` : ''}used
                  </div>
                </div>
                {invite.code && (
                  <Button size="s" onClick={() => void copy(invite.code ?? '')}>
                    Copy
                  </Button>
                )}
                <Button size="s" onClick={() => deed.run(async () => {
                  await actions.revokeInvite(invite.inviteId);
                  await refresh();
                })}>
                  Withdraw
                </Button>
              </div>
            ))}
          </div>
        )}
      </div>
    </Dialog>
  );
}
