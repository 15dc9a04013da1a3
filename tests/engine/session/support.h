#pragma once

#include <torch/utils.h>

#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "engine/formats/image_file.h"
#include "engine/network/model.h"
#include "engine/session/engine_session.h"
#include "tests/support/temporary_folder.h"

namespace kiln::test {

namespace fs = std::filesystem;

// A small model file whose weights are random everywhere, so that time, class and picture all matter.
inline std::string make_model_file(const TemporaryFolder& folder, int side = 16, int channels = 4, bool hard_alpha = false) {
  torch::manual_seed(5);
  Model model = make_model("kiln_unet",
                           {{"width", std::int64_t{32}},
                            {"multipliers", std::string("1,2")},
                            {"blocks", std::int64_t{1}},
                            {"embedding", std::int64_t{64}}},
                           {side, side, channels, 0}, {"axe", "potion", "sword"});
  torch::NoGradGuard no_grad;
  for (auto& parameter : model.network->parameters()) {
    if (parameter.abs().max().item<float>() == 0) parameter.uniform_(-0.05, 0.05);
  }
  model.facts.hard_alpha = hard_alpha;
  const std::string path =
      folder / ((hard_alpha ? "hard" : "tiny") + std::to_string(side) + std::to_string(channels) + ".safetensors");
  save_model(model, path, WeightType::kFloat32);
  return path;
}

// A data folder of two classes, `count` sprites each.
inline std::string make_data_folder(const TemporaryFolder& folder, int count = 8) {
  for (const char* name : {"cross", "ring"}) {
    for (int i = 0; i < count; ++i) {
      Image image(16, 16);
      for (int y = 2; y < 14; ++y) {
        for (int x = 2; x < 14; ++x) {
          const bool cross = x == y || x == 15 - y || (x * 7 + y * 3 + i) % 11 == 0;
          const bool ring = (x - 8) * (x - 8) + (y - 8) * (y - 8) < 20 + i && (x * 5 + y + i) % 7 != 0;
          if (name[0] == 'c' ? !cross : !ring) continue;
          auto* p = image.pixel(x, y);
          p[0] = static_cast<std::uint8_t>(30 * i);
          p[1] = static_cast<std::uint8_t>(x * 16);
          p[2] = static_cast<std::uint8_t>(y * 16);
          p[3] = 255;
        }
      }
      write_png(folder / ("data/" + std::string(name) + "/" + std::to_string(i) + ".png"), image);
    }
  }
  return folder / "data";
}

// An engine and everything it said.
class Listener {
 public:
  explicit Listener(bool background = false) : engine_({[this] { notify(); }, background}) {}

  void send(Command command) { engine_.send(std::move(command)); }

  // Collects until `enough` says so; false after a minute without that.
  bool wait(const std::function<bool()>& enough) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(120);
    while (true) {
      for (auto& event : engine_.take_events()) events.push_back(std::move(event));
      for (auto& frame : engine_.take_frames()) frames.push_back(std::move(frame));
      for (auto& p : engine_.take_progress()) progress.push_back(p);
      if (enough()) return true;
      std::unique_lock lock(mutex_);
      if (!changed_.wait_until(lock, until, [this] { return news_; })) return false;
      news_ = false;
    }
  }
  bool wait_for_end(JobId job) {
    return wait([&] { return ended(job) != nullptr; });
  }

  const JobEnded* ended(JobId job) const {
    const JobEnded* found = nullptr;
    for (const auto& event : events) {
      const auto* end = std::get_if<JobEnded>(&event);
      if (end != nullptr && end->job == job) found = end;
    }
    return found;
  }
  int count_ends(JobId job) const {
    int count = 0;
    for (const auto& event : events) {
      const auto* end = std::get_if<JobEnded>(&event);
      count += end != nullptr && end->job == job;
    }
    return count;
  }
  template <class T>
  const T* find(JobId job) const {
    for (const auto& event : events) {
      const auto* found = std::get_if<T>(&event);
      if (found != nullptr && found->job == job) return found;
    }
    return nullptr;
  }

  std::vector<Event> events;
  std::vector<Frame> frames;
  std::vector<Progress> progress;

 private:
  void notify() {
    {
      std::lock_guard lock(mutex_);
      news_ = true;
    }
    changed_.notify_all();
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  bool news_ = false;
  EngineSession engine_;  // last: its thread calls notify()
};

inline SampleRequest request_for(const std::string& model, int count, std::uint64_t seed = 7) {
  SampleRequest request;
  request.model_path = model;
  request.conditions = {{{"potion", 1.0}}};
  request.settings.shared_params = {
      {"count", count}, {"seed", static_cast<std::int64_t>(seed)}, {"steps", 6}, {"precision", "fp32"}, {"device", "cpu"}};
  return request;
}

}  // namespace kiln::test
