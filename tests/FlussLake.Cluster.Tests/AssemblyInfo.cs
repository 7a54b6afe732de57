using FlussLake.Cluster.Tests.Kit;
using Xunit.v3;

// The machine that runs the clusters also runs the tests: more threads would only make both slower.
[assembly: Parallelization(MaxThreads = 2)]

// Each cluster starts when the first test asks for it, and ends with the last test of the assembly.
[assembly: AssemblyFixture(typeof(MainCluster))]
[assembly: AssemblyFixture(typeof(LiveCluster))]
[assembly: AssemblyFixture(typeof(SaslCluster))]
[assembly: AssemblyFixture(typeof(FaultyCluster))]
