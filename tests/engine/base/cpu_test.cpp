#include "engine/base/cpu.h"

#include <sched.h>

#include <doctest/doctest.h>

using namespace kiln;

TEST_CASE("a control group's quota is whole cores, or none") {
  CHECK(cores_of_quota("200000 100000") == 2);
  CHECK(cores_of_quota("250000 100000") == 2);
  CHECK(cores_of_quota("50000 100000") == 1);
  CHECK(cores_of_quota("max 100000") == 0);
  CHECK(cores_of_quota("-1 100000") == 0);
  CHECK(cores_of_quota("") == 0);
  CHECK(cores_of_quota("100000 0") == 0);
}

TEST_CASE("a process that is held to one core uses one") {
  cpu_set_t before, one;
  REQUIRE(sched_getaffinity(0, sizeof before, &before) == 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++cpu) {
    if (CPU_ISSET(cpu, &before)) CPU_SET(cpu, &one);
  }
  REQUIRE(sched_setaffinity(0, sizeof one, &one) == 0);
  CHECK(usable_cores() == 1);
  REQUIRE(sched_setaffinity(0, sizeof before, &before) == 0);
  CHECK(usable_cores() >= 1);
  CHECK(usable_cores() <= CPU_COUNT(&before));
}
