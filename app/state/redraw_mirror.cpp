#include "app/state/redraw_mirror.h"

#include <utility>

namespace kiln {

void RedrawMirror::apply(const Event& event) {
  if (!job_) return;
  if (const auto* ready = std::get_if<SpritesReady>(&event); ready && ready->job == *job_ && !ready->sprites.empty())
    drawn_.push_back({ready->sprites.front().image, requests_[at_].frames});
  const auto* ended = std::get_if<JobEnded>(&event);
  if (ended == nullptr || ended->job != *job_) return;
  job_.reset();
  if (ended->outcome != Outcome::kDone) return;
  if (++at_ < requests_.size()) send();
}

void RedrawMirror::start(std::vector<FrameRequest> requests) {
  stop();
  requests_ = std::move(requests);
  at_ = 0;
  if (!requests_.empty()) send();
}

void RedrawMirror::stop() {
  if (job_) outgoing_.send(CancelJob{*job_, CancelMode::kDiscard});
  job_.reset();
  drawn_.clear();
}

void RedrawMirror::send() {
  job_ = outgoing_.next_job();
  outgoing_.send(StartSampling{*job_, requests_[at_].request});
}

}  // namespace kiln
