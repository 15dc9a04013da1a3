#pragma once

#include <functional>
#include <utility>

#include "engine/api/event.h"
#include "engine/api/frame.h"
#include "engine/runtime/mailbox.h"
#include "engine/runtime/queue.h"

namespace kiln {

// Where jobs put what the program is to see, from any of the engine's threads. Wakes it, with no lock held.
class Outbox {
 public:
  explicit Outbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  void send(Event event) {
    if (const auto* ready = std::get_if<SpritesReady>(&event)) frames.drop(ready->job);  // older than the sprites
    events.push(std::move(event));
    wake();
  }
  void show(Frame frame) {
    const JobId job = frame.job;
    frames.put(job, std::move(frame));
    wake();
  }
  void show(const Progress& new_progress) {
    progress.put(new_progress.job, new_progress);
    wake();
  }

  Queue<Event> events;
  Mailbox<JobId, Frame> frames;
  Mailbox<JobId, Progress> progress;

 private:
  void wake() const {
    if (wake_) wake_();
  }

  std::function<void()> wake_;
};

}  // namespace kiln
