using FlussLake.Fuzz.Tests.Fuzzing;

namespace FlussLake.Fuzz.Tests.Mutations;

/// <summary>Damages an input once.</summary>
/// <param name="input">The input; may be changed in place.</param>
/// <param name="corpus">What parts may be taken from.</param>
/// <param name="random">Decides what happens.</param>
/// <returns>The damaged input, which may be another array.</returns>
public delegate byte[] Mutation(byte[] input, IReadOnlyList<byte[]> corpus, FuzzRandom random);
