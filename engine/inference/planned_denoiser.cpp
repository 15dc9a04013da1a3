#if SPRITEKILN_ONEDNN

#include <ATen/ATen.h>

#include <algorithm>
#include <cstring>

#include "engine/base/error.h"
#include "engine/inference/cpu_plan.h"
#include "engine/inference/make_denoiser.h"
#include "engine/inference/modulation_table.h"
#include "engine/inference/worker_pool.h"

namespace kiln {
namespace {

// All that a step reads and writes. A thread that was left behind may still hold it when the run has long gone on.
struct StepData {
  std::shared_ptr<const CpuPlan> plan;
  at::Tensor x;           // [B, C, H, W]
  at::Tensor modulation;  // [conditions, M]
  std::vector<int> rows;  // of each picture's modulation
  at::Tensor out;         // [B or 2B, C, H, W]
  bool guided;
};

struct Worker {
  std::unique_ptr<PlanWorkspace> workspace;
  at::Tensor result;  // [2, C, H, W]
};

// A task is a sprite with both halves, which share what depends on x alone; or, for fewer sprites than threads, one half.
class StepRound : public WorkerPool::Round {
 public:
  StepRound(StepData data, std::shared_ptr<std::vector<Worker>> workers, bool split_halves)
      : Round(static_cast<int>(data.x.size(0)) * (split_halves ? 2 : 1)),
        data_(std::move(data)),
        workers_(std::move(workers)),
        halves_((data_.guided && !split_halves) ? 2 : 1),
        sprites_(static_cast<int>(data_.x.size(0))),
        size_(data_.x[0].numel()) {}

 protected:
  void compute(int task, int worker) override {
    Worker& own = (*workers_)[static_cast<std::size_t>(worker)];
    const auto abandoned = [&] { return settled(task); };
    const float* const x = data_.x.data_ptr<float>() + size_ * (task % sprites_);
    for (int half = 0; half < halves_; ++half) {
      const int row = data_.rows[static_cast<std::size_t>(task + half * sprites_)];
      const float* const modulation = data_.modulation.data_ptr<float>() + row * data_.modulation.size(1);
      if (!data_.plan->run(*own.workspace, {x, modulation, own.result.data_ptr<float>() + half * size_, half > 0}, abandoned))
        return;
    }
  }

  void publish(int task, int worker) override {
    const float* const from = (*workers_)[static_cast<std::size_t>(worker)].result.data_ptr<float>();
    for (int half = 0; half < halves_; ++half) {
      float* const to = data_.out.data_ptr<float>() + size_ * (task + half * sprites_);
      std::memcpy(to, from + half * size_, static_cast<std::size_t>(size_) * sizeof(float));
    }
  }

 private:
  StepData data_;
  std::shared_ptr<std::vector<Worker>> workers_;
  int halves_, sprites_;
  std::int64_t size_;
};

class PlannedDenoiser : public Denoiser {
 public:
  PlannedDenoiser(std::shared_ptr<KilnUnet> network, const Model& model, const DenoiserOptions& options)
      : plan_(std::make_shared<CpuPlan>(*network, model.shape, options.bf16)),
        table_(std::move(network), plan_->modulation_weight, plan_->modulation_bias),
        steps_(model.diffusion.timesteps),
        workers_(std::make_shared<std::vector<Worker>>()),
        pool_(std::max(1, options.threads)) {
    for (int i = 0; i < pool_.workers(); ++i) {
      workers_->push_back({plan_->make_workspace(), at::empty({2, model.shape.channels, model.shape.height, model.shape.width})});
    }
  }

  void begin(const std::vector<double>& timesteps, const at::Tensor& condition) override {
    std::vector<double> times;
    for (const double t : timesteps) times.push_back(t / steps_);
    table_.begin(std::move(times), condition);
    table_.rows(0);
  }

  at::Tensor evaluate(const at::Tensor& x, int step, bool guided) override {
    const auto sprites = static_cast<int>(x.size(0));
    std::vector<std::int64_t> shape = x.sizes().vec();
    shape[0] *= guided ? 2 : 1;
    StepData data{plan_, x.to(at::kFloat).contiguous().clone(), table_.rows(step), {}, at::empty(shape, at::kFloat), guided};
    for (int i = 0; i < sprites; ++i) data.rows.push_back(table_.row_of(i));
    if (guided) data.rows.resize(static_cast<std::size_t>(2 * sprites), ModulationTable::kNullRow);
    const at::Tensor out = data.out;
    pool_.run(std::make_shared<StepRound>(std::move(data), workers_, guided && sprites < pool_.workers()));
    return out;
  }

 private:
  std::shared_ptr<const CpuPlan> plan_;
  ModulationTable table_;
  double steps_;
  std::shared_ptr<std::vector<Worker>> workers_;
  WorkerPool pool_;
};

}  // namespace

std::unique_ptr<Denoiser> make_planned_denoiser(const Model& model, const DenoiserOptions& options) {
  const auto network = std::dynamic_pointer_cast<KilnUnet>(model.network);
  if (!network || !options.device.is_cpu()) return nullptr;
  try {
    return std::make_unique<PlannedDenoiser>(network, model, options);
  } catch (const dnnl::error&) {
    return nullptr;  // no such convolution on this processor
  }
}

}  // namespace kiln

#else

#include "engine/inference/make_denoiser.h"

namespace kiln {

std::unique_ptr<Denoiser> make_planned_denoiser(const Model&, const DenoiserOptions&) { return nullptr; }

}  // namespace kiln

#endif
