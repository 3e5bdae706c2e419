/**
 * Holds the wire types to the server's OpenAPI files at compile time: `npm run generate` writes schema/ from openapi/*.json, and a field
 * that is new, gone, renamed or of another type there is an error here. The types themselves are written by hand, because they say more:
 * which words a kind or role may be, and which fields a command of each type has.
 */
import type { Media, MediaUrl, StartUpload, Upload, UploadPart } from './mediaTypes';
import type { components as Chat } from './schema/chat';
import type { components as MediaSchema } from './schema/media';
import type { components as User } from './schema/user';
import type * as Wire from './types';
import type * as People from './userTypes';

type ChatSchemas = Chat['schemas'];
type UserSchemas = User['schemas'];
type MediaSchemas = MediaSchema['schemas'];

type Differences<Mine, Theirs> = Exclude<keyof Mine, keyof Theirs> | Exclude<keyof Theirs, keyof Mine>;

/** true, or the names of the fields that only one side has. */
type Conforms<Mine extends Theirs, Theirs> = [Differences<Mine, Theirs>] extends [never] ? true : Differences<Mine, Theirs>;

type All<Checks extends readonly true[]> = Checks;

export type ChatConformity = All<
  [
    Conforms<Wire.Attachment, ChatSchemas['Attachment']>,
    Conforms<Wire.ChatEvent, ChatSchemas['ChatEvent']>,
    Conforms<Wire.CommandResult, ChatSchemas['CommandResult']>,
    Conforms<Wire.Content, ChatSchemas['Content']>,
    Conforms<Wire.ConversationChanges, ChatSchemas['ConversationChanges']>,
    Conforms<Wire.ConversationView, ChatSchemas['ConversationView']>,
    Conforms<Wire.CreateConversation, ChatSchemas['CreateConversationRequest']>,
    Conforms<Wire.EventPage, ChatSchemas['EventPage']>,
    Conforms<Wire.ForwardedFrom, ChatSchemas['ForwardedFrom']>,
    Conforms<Wire.Invite, ChatSchemas['InviteView']>,
    Conforms<Wire.Member, ChatSchemas['MemberEntry']>,
    Conforms<Wire.MemberPreferences, ChatSchemas['MemberPreferences']>,
    Conforms<Wire.Mentions, ChatSchemas['Mentions']>,
    Conforms<Wire.MessageEdit, ChatSchemas['MessageEditView']>,
    Conforms<Wire.MessagePage, ChatSchemas['MessagePage']>,
    Conforms<Wire.MessageView, ChatSchemas['MessageView']>,
    Conforms<Wire.Page<Wire.ConversationView>, ChatSchemas['PageOfConversationView']>,
    Conforms<Wire.Poll, ChatSchemas['Poll']>,
    Conforms<Wire.PollResult, ChatSchemas['PollResult']>,
    Conforms<Wire.ReactionCount, ChatSchemas['ReactionCount']>,
    Conforms<Wire.ReceiptMark, ChatSchemas['ReceiptMark']>,
    Conforms<Wire.ScheduledMessage, ChatSchemas['ScheduledView']>,
    Conforms<Wire.SearchHit, ChatSchemas['SearchHit']>,
    Conforms<Wire.SyncPage, ChatSchemas['SyncPage']>,
    Conforms<Wire.ThreadSummary, ChatSchemas['ThreadSummary']>,
    Conforms<Wire.WireError, ChatSchemas['WireError']>,
    Wire.Command extends ChatSchemas['Command'] ? true : 'Command',
  ]
>;

export type UserConformity = All<
  [
    Conforms<People.AuthConfig, UserSchemas['AuthConfig']>,
    Conforms<People.AuthResult, UserSchemas['AuthResult']>,
    Conforms<People.DeviceInfo, UserSchemas['DeviceInfo']>,
    Conforms<People.DeviceSession, UserSchemas['SessionView']>,
    Conforms<People.LinkedWallet, UserSchemas['WalletView']>,
    Conforms<People.Me, UserSchemas['MeView']>,
    Conforms<People.Nonce, UserSchemas['NonceView']>,
    Conforms<People.Profile, UserSchemas['ProfileView']>,
    Conforms<People.ProfileChanges, UserSchemas['ProfileChanges']>,
    Conforms<People.ProfileStatus, UserSchemas['ProfileStatus']>,
    Conforms<People.RegistrationInvite, UserSchemas['RegistrationInviteView']>,
    Conforms<People.Relation, UserSchemas['RelationView']>,
    Conforms<People.UserLimits, UserSchemas['UserLimits']>,
  ]
>;

export type MediaConformity = All<
  [
    Conforms<Media, MediaSchemas['MediaView']>,
    Conforms<MediaUrl, MediaSchemas['MediaUrlView']>,
    Conforms<StartUpload, MediaSchemas['StartUploadRequest']>,
    Conforms<Upload, MediaSchemas['UploadView']>,
    Conforms<UploadPart, MediaSchemas['UploadPartView']>,
  ]
>;
