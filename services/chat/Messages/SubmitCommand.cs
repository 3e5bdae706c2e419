using System.Diagnostics;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;

namespace CoolChat.Chat.Messages;

/// <summary>
/// Submit and its REST twin: validate, limit, look up, hand to the writer, wait a while for the outcome. Everything up to the writer runs
/// synchronously for a plain message, so that one client's commands reach it in the order they were sent; where a look-up has to wait, later ones
/// of the same connection wait for it before they are handed over.
/// </summary>
internal sealed class SubmitCommand(
    CommandValidation validation,
    PersonLimits limits,
    CommandPreparation preparation,
    IConversationWriter writer,
    Audiences audiences,
    TimeProvider time,
    ChatMetrics metrics,
    OutcomeDeadlines deadlines)
{
    /// <param name="caller">Who sends.</param>
    /// <param name="connection">The hub connection it came by, absent over REST.</param>
    /// <param name="command">What was sent.</param>
    public Task<CommandResult> SubmitAsync(Caller caller, ClientConnection? connection, Command command)
    {
        long startedAt = Stopwatch.GetTimestamp();
        Refusal? refusal = validation.Check(command, time.GetUtcNow()) ?? limits.Take(caller.UserId, AllowanceOf(command.Type));
        if (refusal is not null)
            return Task.FromResult(Refused(command, refusal, startedAt));
        bool known = connection?.Knows(command.ConversationId) == true;
        ValueTask<Result<LogCommand>> prepared = preparation.PrepareAsync(caller, command, known, CancellationToken.None);
        Task order = connection?.SubmitOrder ?? Task.CompletedTask;
        if (!prepared.IsCompletedSuccessfully || !order.IsCompleted)
            return SubmitInTurnAsync(connection, order, prepared, command, startedAt);
        Result<LogCommand> operation = prepared.Result;
        if (!operation.Ok)
            return Task.FromResult(Refused(command, operation.Refusal, startedAt));
        if (!known)
            connection?.Know(command.ConversationId);
        return HandOverAsync(connection, operation.Value, startedAt);
    }

    private Task<CommandResult> SubmitInTurnAsync(
        ClientConnection? connection, Task order, ValueTask<Result<LogCommand>> prepared, Command command, long startedAt)
    {
        TaskCompletionSource queued = new(TaskCreationOptions.RunContinuationsAsynchronously);
        if (connection is not null)
            connection.SubmitOrder = queued.Task;
        return Run();

        async Task<CommandResult> Run()
        {
            Task<CommandResult> answer;
            try
            {
                Result<LogCommand> operation = await prepared;
                await order;
                if (!operation.Ok)
                    return Refused(command, operation.Refusal, startedAt);
                connection?.Know(command.ConversationId);
                answer = HandOverAsync(connection, operation.Value, startedAt);
            }
            finally
            {
                queued.SetResult();
            }
            return await answer;
        }
    }

    private Task<CommandResult> HandOverAsync(ClientConnection? connection, LogCommand operation, long startedAt)
    {
        Submission submission = new(operation, deadlines, TellLate, inline: connection is not null, accepted: !writer.TellsAcceptance);
        deadlines.Add(submission);
        if (writer.Post(operation, submission) is not { } refusal)
            return AnswerAsync(submission, startedAt);
        deadlines.Remove(submission);
        return Task.FromResult(Refused(operation.Command, refusal, startedAt));
    }

    private async Task<CommandResult> AnswerAsync(Submission submission, long startedAt)
    {
        Command command = submission.Operation.Command;
        if (await submission.Task is not { } result)
        {
            metrics.Submitted(CommandResult.Accepted, startedAt);
            return new CommandResult { Ok = true, Status = CommandResult.Accepted, CommandId = command.CommandId };
        }
        if (!result.Ok)
            return Refused(command, result.Refusal, startedAt);
        metrics.Submitted(result.Value.Status, startedAt);
        return new CommandResult
        {
            Ok = true,
            Status = result.Value.Status,
            CommandId = command.CommandId,
            Seq = result.Value.Seq > 0 ? result.Value.Seq : null,
            At = result.Value.At,
        };
    }

    /// <summary>An outcome that came late: appended is told by the event itself, a rejection by name.</summary>
    private void TellLate(LogCommand operation, Result<OperationResult> result)
    {
        if (result.Refusal is not { } refusal)
            return;
        audiences.SendTo(operation.Actor, Frames.Make(HubMethods.Rejected, new RejectedNotice
        {
            CommandId = operation.Command.CommandId,
            ConversationId = operation.ConversationId,
            Code = refusal.Code,
            Detail = refusal.Detail,
        }));
    }

    private CommandResult Refused(Command command, Refusal refusal, long startedAt)
    {
        metrics.Submitted(refusal.Code, startedAt);
        return new CommandResult { Ok = false, CommandId = command.CommandId, Error = refusal.ToWire() };
    }

    private static Allowance AllowanceOf(string type) => type switch
    {
        CommandTypes.MessageSend => Allowance.Messages,
        CommandTypes.MemberAdd or CommandTypes.MemberJoin => Allowance.Creates,
        _ => Allowance.Actions,
    };
}
