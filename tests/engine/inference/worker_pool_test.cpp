#include "engine/inference/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace kiln;

namespace {

struct Count : WorkerPool::Round {
  explicit Count(int tasks) : Round(tasks), published(static_cast<std::size_t>(tasks)) {}
  void compute(int, int) override { computed.fetch_add(1); }
  void publish(int task, int) override { ++published[static_cast<std::size_t>(task)]; }

  std::atomic<int> computed{0};
  std::vector<int> published;
};

// Worker 1 begins a task and does not come back before it is released.
struct Stuck : WorkerPool::Round {
  Stuck() : Round(4), published(4) {}
  void compute(int, int worker) override {
    if (worker == 0) {
      begun.wait(false);
    } else {
      begun = true;
      begun.notify_all();
      released.wait(false);
    }
  }
  void publish(int task, int worker) override { published[static_cast<std::size_t>(task)] = worker + 1; }

  std::atomic<bool> begun{false}, released{false};
  std::vector<int> published;
};

struct Failing : WorkerPool::Round {
  Failing() : Round(8) {}
  void compute(int task, int) override {
    if (task == 5) throw std::runtime_error("no memory");
  }
  void publish(int, int) override {}
};

struct FailingToPublish : Count {
  FailingToPublish() : Count(8) {}
  void publish(int task, int worker) override {
    if (task == 5) throw std::runtime_error("no memory");
    Count::publish(task, worker);
  }
};

}  // namespace

TEST_CASE("every task is published exactly once, in round after round") {
  for (const int workers : {1, 2, 4}) {
    WorkerPool pool(workers);
    CHECK(pool.workers() == workers);
    for (int tasks = 0; tasks < 60; ++tasks) {
      const auto round = std::make_shared<Count>(tasks);
      pool.run(round);
      for (const int count : round->published) CHECK(count == 1);
      CHECK(round->computed >= tasks);
    }
  }
}

TEST_CASE("a thread that is held up holds up nobody") {
  WorkerPool pool(2);
  const auto round = std::make_shared<Stuck>();
  pool.run(round);  // would never return
  for (const int by : round->published) CHECK(by == 1);
  round->released = true;
  round->released.notify_all();
  const auto next = std::make_shared<Count>(16);
  pool.run(next);
  for (const int count : next->published) CHECK(count == 1);
}

TEST_CASE("what a task throws reaches the caller, and the pool goes on") {
  for (const int workers : {1, 3}) {
    WorkerPool pool(workers);
    CHECK_THROWS_WITH_AS(pool.run(std::make_shared<Failing>()), "no memory", std::runtime_error);
    const auto next = std::make_shared<Count>(5);
    pool.run(next);
    for (const int count : next->published) CHECK(count == 1);
  }
}

TEST_CASE("a result that cannot be published fails the round, whoever computed it, and nobody keeps the round") {
  for (const int workers : {1, 3}) {
    WorkerPool pool(workers);
    for (int time = 0; time < 50; ++time) {
      auto round = std::make_shared<FailingToPublish>();
      CHECK_THROWS_WITH_AS(pool.run(round), "no memory", std::runtime_error);
      CHECK(round->published[5] == 0);
      for (const int count : round->published) CHECK(count <= 1);
      const std::weak_ptr<FailingToPublish> left = round;
      round.reset();
      while (!left.expired()) std::this_thread::yield();  // a thread may still be on its way out of it
    }
    const auto next = std::make_shared<Count>(5);
    pool.run(next);
    for (const int count : next->published) CHECK(count == 1);
  }
}
