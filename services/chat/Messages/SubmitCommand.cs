using System.Diagnostics;
using CoolChat.Chat.Realtime;
using CoolChat.Contracts;
using CoolChat.Contracts.Internal;
using CoolChat.ServiceDefaults.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CoolChat.Chat.Messages;

/// <summary>
/// Submit and its REST twin: validate, limit, look up, hand to the writer, wait a while for the outcome. Everything up to the writer runs
/// synchronously for a plain message, so that one client's commands reach it in the order they were sent; where a look-up has to wait, later ones
/// of the same connection wait for it before they are handed over.
/// </summary>
internal sealed partial class SubmitCommand(
    CommandValidation validation,
    PersonLimits limits,
    CommandPreparation preparation,
    IConversationWriter writer,
    Audiences audiences,
    TimeProvider time,
    ChatMetrics metrics,
    IOptions<ChatOptions> options,
    ILogger<SubmitCommand> logger)
{
    private readonly TimeSpan _wait = options.Value.OutcomeWait;

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
        return AnswerAsync(writer.ExecuteAsync(operation.Value, CancellationToken.None), operation.Value, startedAt);
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
            ValueTask<Result<OperationResult>> outcome;
            LogCommand operation;
            try
            {
                Result<LogCommand> result = await prepared;
                await order;
                if (!result.Ok)
                    return Refused(command, result.Refusal, startedAt);
                operation = result.Value;
                outcome = writer.ExecuteAsync(operation, CancellationToken.None);
            }
            finally
            {
                queued.SetResult();
            }
            return await AnswerAsync(outcome, operation, startedAt);
        }
    }

    private async Task<CommandResult> AnswerAsync(ValueTask<Result<OperationResult>> outcome, LogCommand operation, long startedAt)
    {
        Command command = operation.Command;
        Task<Result<OperationResult>> pending = outcome.AsTask();
        Result<OperationResult> result;
        try
        {
            result = await pending.WaitAsync(_wait, time);
        }
        catch (TimeoutException) when (!pending.IsFaulted)
        {
            // On a busy machine the outcome may come between the timeout and here: then it is the answer.
            if (!pending.IsCompleted)
            {
                _ = TellLaterAsync(pending, operation);
                metrics.Submitted(CommandResult.Accepted, startedAt);
                return new CommandResult { Ok = true, Status = CommandResult.Accepted, CommandId = command.CommandId };
            }
            result = await pending;
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
    private async Task TellLaterAsync(Task<Result<OperationResult>> pending, LogCommand operation)
    {
        Refusal? refusal;
        try
        {
            refusal = (await pending).Refusal;
        }
        catch (RefusedException e)
        {
            refusal = e.Refusal;
        }
        catch (Exception e)
        {
            LogLateFailure(logger, e, operation.Command.CommandId);
            refusal = new Refusal(ErrorCodes.Internal, "Something went wrong on the server.");
        }
        if (refusal is null)
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

    [LoggerMessage(310, LogLevel.Error, "Command {CommandId} failed after it was accepted")]
    private static partial void LogLateFailure(ILogger logger, Exception exception, Guid commandId);
}
