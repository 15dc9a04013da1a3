#include "app/shell/engine_link.h"

#include <algorithm>
#include <exception>
#include <utility>

#include "engine/base/log.h"

namespace kiln {

EngineLink::~EngineLink() {
  if (opener_.joinable()) opener_.join();
}

void EngineLink::begin() {
  if (!opener_.joinable()) opener_ = std::jthread([this] { open_in_background(); });
}

void EngineLink::open_in_background() {
  std::optional<Result<std::unique_ptr<Engine>>> result;
  try {
    result.emplace(open_({.wake = Window::wake, .background = true}));
  } catch (const Failure& failure) {
    result.emplace(failure.error());
  } catch (const std::exception& e) {
    result.emplace(Error{ErrorCode::kInternal, "the engine could not be started", "the log says more", e.what()});
  }
  {
    std::lock_guard lock(mutex_);
    opened_ = std::move(result);
  }
  Window::wake();
}

bool EngineLink::take_opened(Mirror& mirror) {
  std::optional<Result<std::unique_ptr<Engine>>> opened;
  {
    std::lock_guard lock(mutex_);
    opened.swap(opened_);
  }
  if (!opened) return false;
  if (*opened) {
    engine_ = std::move(opened->value());
    return true;
  }
  const Error& error = opened->error();
  log_error(error.message + (error.detail.empty() ? "" : ": " + error.detail));
  mirror.engine_failed(error);
  return true;
}

void EngineLink::send(Mirror& mirror) {
  if (!engine_) return;
  for (Command& command : mirror.take_commands()) engine_->send(std::move(command));
}

EngineLink::News EngineLink::receive(Mirror& mirror) {
  News news = take_opened(mirror) ? News::kEvents : News::kNone;
  if (!engine_) return news;
  // Frames and progress first: an event that ends a job makes what is still in the mailboxes stale.
  for (const Progress& progress : engine_->take_progress()) {
    mirror.apply(progress);
    news = std::max(news, News::kPictures);
  }
  for (Frame& frame : engine_->take_frames()) {
    mirror.apply(std::move(frame));
    news = std::max(news, News::kPictures);
  }
  for (Event& event : engine_->take_events()) {
    mirror.apply(std::move(event));
    news = News::kEvents;
  }
  return news;
}

}  // namespace kiln
