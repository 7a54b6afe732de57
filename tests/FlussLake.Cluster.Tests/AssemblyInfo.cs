using FlussLake.Cluster.Tests.Kit;
using Xunit.v3;

// The machine that runs the clusters also runs the tests: more threads would only make both slower.
[assembly: Parallelization(MaxThreads = 2)]
[assembly: AssemblyFixture(typeof(MainCluster))]
