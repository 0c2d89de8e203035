namespace QuantumFed.Lattice;

/// <summary>Lets one call at a time work with buffers, and puts their erasure off to its end: whoever disposes from a progress report or another thread
/// takes no memory, and no secret, from a thread that works with it. Thread safe.</summary>
/// <param name="erase">Erases the buffers; called once.</param>
internal sealed class CallGate(Action erase)
{
    private const int Idle = 0, Working = 1, Ending = 2, Erased = 3;

    private int _state;

    /// <summary>Begins a call, which <see cref="Leave"/> must end.</summary>
    /// <exception cref="ObjectDisposedException">The buffers are erased, or will be.</exception>
    /// <exception cref="InvalidOperationException">Another call works.</exception>
    internal void Enter(object owner)
    {
        int state = Interlocked.CompareExchange(ref _state, Working, Idle);
        ObjectDisposedException.ThrowIf(state is Ending or Erased, owner);
        if (state == Working)
            throw new InvalidOperationException("Another call is at work on this object, which is not thread safe.");
    }

    internal void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Working) == Working)
            return;
        _state = Erased;
        erase();
    }

    /// <summary>Erases now, or when the call that works has ended.</summary>
    internal void Dispose()
    {
        int state;
        // Idle: the call ended between the two.
        while ((state = Interlocked.CompareExchange(ref _state, Erased, Idle)) == Working && Interlocked.CompareExchange(ref _state, Ending, Working) == Idle)
        {
        }
        if (state == Idle)
            erase();
    }
}
