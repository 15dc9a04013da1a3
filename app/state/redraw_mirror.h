#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// A request for one frame, and which frames look as its sprite does.
struct FrameRequest {
  SampleRequest request;
  std::vector<std::size_t> frames;
};

struct DrawnFrame {
  Image image;
  std::vector<std::size_t> frames;
};

// The window's picture of an animation's frames that a model draws, one after the other.
class RedrawMirror {
 public:
  explicit RedrawMirror(Outgoing& outgoing) : outgoing_(outgoing) {}

  void apply(const Event& event);

  // Stops what is under way.
  void start(std::vector<FrameRequest> requests);
  void stop();

  bool running() const { return job_.has_value(); }
  std::size_t done() const { return at_; }  // requests
  std::size_t count() const { return requests_.size(); }
  // Those that have come since the last call.
  std::vector<DrawnFrame> take() { return std::exchange(drawn_, {}); }

 private:
  void send();

  Outgoing& outgoing_;
  std::vector<FrameRequest> requests_;
  std::size_t at_ = 0;
  std::optional<JobId> job_;
  std::vector<DrawnFrame> drawn_;
};

}  // namespace kiln
