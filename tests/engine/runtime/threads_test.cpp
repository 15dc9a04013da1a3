#include <doctest/doctest.h>
#include <sys/resource.h>

#include <algorithm>
#include <semaphore>
#include <string>
#include <thread>

#include "engine/runtime/mailbox.h"
#include "engine/runtime/queue.h"
#include "engine/runtime/task_thread.h"
#include "engine/runtime/thread_priority.h"

using namespace kiln;

TEST_CASE("a queue loses nothing and keeps each sender's order") {
  constexpr int kSenders = 4, kEach = 5000;
  Queue<std::pair<int, int>> queue;
  std::vector<std::jthread> senders;
  for (int sender = 0; sender < kSenders; ++sender) {
    senders.emplace_back([&queue, sender] {
      for (int i = 0; i < kEach; ++i) queue.push({sender, i});
    });
  }
  std::vector<int> next(kSenders, 0);
  std::stop_source stop;
  for (int taken = 0; taken < kSenders * kEach;) {
    for (const auto& [sender, i] : queue.wait_and_take_all(stop.get_token())) {
      REQUIRE(next[static_cast<std::size_t>(sender)]++ == i);
      ++taken;
    }
  }
  CHECK(queue.take_all().empty());
}

TEST_CASE("waiting ends when a stop is requested") {
  Queue<int> queue;
  std::size_t taken = 1;
  std::jthread waiter([&](std::stop_token stop) { taken = queue.wait_and_take_all(stop).size(); });
  waiter.request_stop();
  waiter.join();
  CHECK(taken == 0);
}

TEST_CASE("what was sent before the stop is still delivered") {
  Queue<int> queue;
  queue.push(1);
  std::stop_source stop;
  stop.request_stop();
  CHECK(queue.wait_and_take_all(stop.get_token()) == std::vector<int>{1});
}

TEST_CASE("a mailbox keeps the newest value of each key") {
  Mailbox<int, std::string> mailbox;
  mailbox.put(2, "b");
  mailbox.put(1, "old");
  mailbox.put(1, "new");
  CHECK(mailbox.take_all() == std::vector<std::string>{"new", "b"});
  CHECK(mailbox.take_all().empty());
}

TEST_CASE("a mailbox between threads ends with the last value") {
  Mailbox<int, int> mailbox;
  std::jthread writer([&] {
    for (int i = 1; i <= 20000; ++i) mailbox.put(0, i);
  });
  int last = 0;
  while (last < 20000) {
    for (const int value : mailbox.take_all()) {
      REQUIRE(value > last);
      last = value;
    }
  }
  CHECK(last == 20000);
}

TEST_CASE("what was dropped from a mailbox is not fetched any more") {
  Mailbox<int, int> mailbox;
  mailbox.put(1, 10);
  mailbox.put(2, 20);
  mailbox.drop(1);
  mailbox.drop(3);
  CHECK(mailbox.take_all() == std::vector<int>{20});
}

TEST_CASE("a task thread does one thing after the other, each on its own thread") {
  std::vector<int> done;
  std::thread::id begun_on, run_on;
  std::binary_semaphore ready(0);
  TaskThread thread([&] { begun_on = std::this_thread::get_id(); });
  for (int i = 0; i < 100; ++i) thread.run([&, i] { done.push_back(i); });
  thread.run([&] {
    run_on = std::this_thread::get_id();
    ready.release();
  });
  ready.acquire();
  REQUIRE(done.size() == 100);
  CHECK(std::is_sorted(done.begin(), done.end()));
  CHECK(run_on == begun_on);
  CHECK(run_on != std::this_thread::get_id());
}

TEST_CASE(
    "a thread that goes behind others takes those that it makes along, never comes back, and leaves the rest where they are") {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  int own = before, made = before, later = before;
  std::thread([&] {
    set_thread_niceness(19);
    own = ::getpriority(PRIO_PROCESS, 0);
    std::thread([&] { made = ::getpriority(PRIO_PROCESS, 0); }).join();
    set_thread_niceness(0);
    later = ::getpriority(PRIO_PROCESS, 0);
  }).join();
  CHECK(own == 19);
  CHECK(made == 19);
  CHECK(later == 19);
  CHECK(::getpriority(PRIO_PROCESS, 0) == before);
}
