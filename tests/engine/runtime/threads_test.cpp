#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <string>
#include <thread>

#include "engine/runtime/mailbox.h"
#include "engine/runtime/queue.h"
#include "engine/runtime/thread_check.h"

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

TEST_CASE("use from a second thread ends the program") {
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::close(STDERR_FILENO);
    const struct rlimit none { 0, 0 };
    ::setrlimit(RLIMIT_CORE, &none);
    ThreadCheck owner;
    owner.check("the engine");
    std::thread([&] { owner.check("the engine"); }).join();
    ::_exit(0);
  }
  int status = 0;
  REQUIRE(::waitpid(child, &status, 0) == child);
  CHECK(WIFSIGNALED(status));
}

TEST_CASE("a released object belongs to its next user") {
  ThreadCheck owner;
  owner.check("the model");
  owner.check("the model");
  owner.release();
  std::thread([&] { owner.check("the model"); }).join();
}

TEST_CASE("lowered priority is the thread's own") {
  const int before = ::getpriority(PRIO_PROCESS, 0);
  int lowered = before;
  std::thread([&] {
    lower_thread_priority();
    lowered = ::getpriority(PRIO_PROCESS, 0);
  }).join();
  CHECK(lowered == 19);
  CHECK(::getpriority(PRIO_PROCESS, 0) == before);
}
