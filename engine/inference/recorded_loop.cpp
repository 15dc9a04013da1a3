#include "engine/inference/recorded_loop.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <utility>

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/base/log.h"
#include "engine/diffusion/seeds.h"
#include "engine/diffusion/static_step.h"
#include "engine/inference/device_network.h"

namespace kiln {
namespace {

constexpr std::size_t kStepsAhead = 4;  // enough that the device never waits, few enough to stop at once

// The recorded steps of one network for one number of sprites, and the memory that they work on.
class StepRecordings {
 public:
  StepRecordings(const Model& model, bool bf16, Tiling tiling, std::int64_t sprites, std::unique_ptr<DeviceStream> stream)
      : stream_(std::move(stream)),
        network_(device_network(model, stream_->device(), bf16)),
        head_(output_head(model).on(stream_->device())),
        tiling_(tiling) {
    const auto& shape = model.shape;
    const std::int64_t sizes[] = {sprites, shape.channels, shape.height, shape.width};
    stream_->wait_for_device();  // until network and head are there
    stream_->run([&] {
      state_ = StepState::make(sizes, shape.condition_width(), model.diffusion.schedule.length * kMostResample,
                               at::TensorOptions().dtype(at::kFloat).device(stream_->device()));
    });
  }
  ~StepRecordings() {
    try {
      stream_->mark()->wait();
    } catch (const c10::Error&) {  // the device is lost, and so is the work
    }
  }
  StepRecordings(const StepRecordings&) = delete;
  StepRecordings& operator=(const StepRecordings&) = delete;

  DeviceStream& stream() { return *stream_; }
  const StepState& state() const { return state_; }

  // Records this kind of step if it has not been; what `state` holds is lost.
  void record(const StepKind& kind) {
    if (recording_of(kind) != recordings_.end()) return;
    const auto work = [this, kind] {
      const TilingScope tiling(tiling_);
      static_step(
          state_, kind,
          [this](const at::Tensor& x, const at::Tensor& t, const at::Tensor& condition) {
            return network_->forward(x, t, condition);
          },
          head_);
    };
    recordings_.push_back({kind, stream_->record(work, [this] { state_.next.zero_(); })});
  }

  void load(const at::Tensor& table, const Conditioning& conditioning, const at::Tensor& x) {
    stream_->run([this] {
      state_.next.zero_();
      state_.x0.zero_();
      state_.noise.zero_();
    });
    stream_->upload(table, state_.table.narrow(0, 0, table.size(0)));
    stream_->upload(at::cat({conditioning.condition, conditioning.negative_half()}), state_.condition);
    stream_->upload(x, state_.x);
    if (!conditioning.mask.defined()) return;
    stream_->upload(conditioning.init.expand_as(x).contiguous(), state_.init);
    stream_->upload(conditioning.mask, state_.mask);
  }

  void repeat(const StepKind& kind) { recording_of(kind)->repeat(); }

 private:
  struct Recording {
    StepKind kind;
    std::function<void()> repeat;
  };
  std::vector<Recording>::iterator recording_of(const StepKind& kind) {
    return std::find_if(recordings_.begin(), recordings_.end(), [&](const Recording& one) { return one.kind == kind; });
  }

  std::unique_ptr<DeviceStream> stream_;
  std::shared_ptr<Network> network_;
  OutputHead head_;
  Tiling tiling_;
  StepState state_;
  std::vector<Recording> recordings_;
};

// Recordings that no run has in its hands, the most recently used first.
class GraphCache {
 public:
  struct Key {
    std::weak_ptr<Network> network;
    c10::Device device;
    bool bf16;
    Tiling tiling;
    std::int64_t sprites;
  };

  std::unique_ptr<StepRecordings> take(const Key& key) {
    std::erase_if(kept_, [](const auto& one) { return one.first.network.expired(); });
    for (auto one = kept_.begin(); one != kept_.end(); ++one) {
      const Key& other = one->first;
      if (other.network.lock() != key.network.lock() || other.device != key.device || other.bf16 != key.bf16 ||
          other.tiling != key.tiling || other.sprites != key.sprites)
        continue;
      auto found = std::move(one->second);
      kept_.erase(one);
      return found;
    }
    return nullptr;
  }

  void put_back(const Key& key, std::unique_ptr<StepRecordings> recordings) {
    kept_.emplace_front(key, std::move(recordings));
    if (kept_.size() > kMost) kept_.pop_back();
  }

 private:
  static constexpr std::size_t kMost = 4;
  std::deque<std::pair<Key, std::unique_ptr<StepRecordings>>> kept_;
};

// Of the calling thread, and gone with it: at the program's end, the device would be gone first.
GraphCache& graph_cache() {
  static thread_local GraphCache kept;
  return kept;
}

class RecordedLoop : public SamplingLoop {
 public:
  RecordedLoop(GraphCache::Key key, std::unique_ptr<StepRecordings> recordings, RunSteps steps, std::vector<StepNumbers> numbers,
               RunConfig config, OutputHead head, std::unique_ptr<SpriteNoise> noise, const Conditioning& conditioning)
      : key_(std::move(key)),
        recordings_(std::move(recordings)),
        steps_(std::move(steps)),
        numbers_(std::move(numbers)),
        config_(std::move(config)),
        head_(std::move(head)),
        noise_(std::move(noise)) {
    const at::Tensor first = noise_->draw();
    conditioning.check(first);
    recordings_->load(step_table(numbers_), conditioning, first_x(steps_, conditioning, first));
  }
  ~RecordedLoop() override {
    events_.clear();
    graph_cache().put_back(key_, std::move(recordings_));
  }
  RecordedLoop(const RecordedLoop&) = delete;
  RecordedLoop& operator=(const RecordedLoop&) = delete;

  void step() override {
    if (done()) throw Failure(ErrorCode::kInternal, "a finished run was asked for one more step", "please report this");
    if (ahead_.size() == kStepsAhead) {
      ahead_.front()->wait();
      ahead_.pop_front();
    }
    draw_noise(*noise_, numbers_[static_cast<std::size_t>(steps_done_)],
               [&](auto which, const at::Tensor& drawn) { recordings_->stream().upload(drawn, recordings_->state().*which); });
    recordings_->repeat(step_kind(steps_, config_, head_, steps_done_));
    ahead_.push_back(recordings_->stream().mark());
    ++steps_done_;
  }

  int steps_done() const override { return steps_done_; }
  int total() const override { return steps_.total(); }
  Picture picture() const override { return {begin_download()->tensor(), steps_done_}; }
  void ask_for_picture() override { events_.push_back({begin_download(), steps_done_}); }

  std::optional<Picture> next_picture(bool wait) override {
    if (events_.empty() || (!wait && !events_.front().download->here())) return std::nullopt;
    const Asked asked = std::move(events_.front());
    events_.pop_front();
    return Picture{asked.download->tensor(), asked.step};
  }

 private:
  struct Asked {
    std::unique_ptr<Download> download;
    int step;
  };
  std::unique_ptr<Download> begin_download() const {
    const StepState& state = recordings_->state();
    return recordings_->stream().download(done() ? state.x : state.x0);
  }

  GraphCache::Key key_;
  std::unique_ptr<StepRecordings> recordings_;
  RunSteps steps_;
  std::vector<StepNumbers> numbers_;
  RunConfig config_;
  OutputHead head_;
  std::unique_ptr<SpriteNoise> noise_;  // on the host: a seed means the same sprite on every device
  std::deque<std::unique_ptr<StreamEvent>> ahead_;
  std::deque<Asked> events_;
  int steps_done_ = 0;
};

}  // namespace

std::unique_ptr<SamplingLoop> make_recorded_loop(const Model& model, const DenoiserOptions& options, const RunConfig& config,
                                                 const Conditioning& conditioning, const SpriteSeeds& seeds,
                                                 const MakeStream& make_stream) {
  static thread_local std::set<std::string> unrecordable;  // networks, by their ids
  if (unrecordable.contains(model.network_id) || !config.barred_colours.empty()) return nullptr;
  const DiffusionConfig& diffusion = model.diffusion;
  RunSteps steps = run_steps(make_schedule(diffusion.schedule), config, conditioning.mask.defined());
  const OutputHead head = output_head(model);
  auto numbers = step_numbers(steps, head.prediction, config, diffusion.schedule.length);
  GraphCache::Key key{model.network, options.device, options.bf16, options.tiling, static_cast<std::int64_t>(seeds.each.size())};
  auto recordings = graph_cache().take(key);
  if (!recordings) {
    auto stream = make_stream(options.device);
    if (!stream) return nullptr;
    recordings = std::make_unique<StepRecordings>(model, options.bf16, options.tiling, key.sprites, std::move(stream));
  }
  try {
    for (int i = 0; i < steps.total(); ++i) recordings->record(step_kind(steps, config, head, i));
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    unrecordable.insert(model.network_id);
    log_warn("the GPU cannot record a step of the network " + model.network_id +
             " and does it one operation after another, which is slower: " + error.what_without_backtrace());
    return nullptr;
  }
  const auto& shape = model.shape;
  auto noise = std::make_unique<SpriteNoise>(seeds, shape.channels, shape.height, shape.width);
  return std::make_unique<RecordedLoop>(std::move(key), std::move(recordings), std::move(steps), std::move(numbers), config, head,
                                        std::move(noise), conditioning);
}

}  // namespace kiln
