#pragma once

#include <c10/core/Device.h>

#include <memory>
#include <vector>

#include "engine/diffusion/denoiser.h"
#include "engine/diffusion/output_head.h"
#include "engine/network/model.h"
#include "engine/training/objective.h"

namespace kiln {

// A finished model as the source of what another network is to learn.
struct Teacher {
  std::shared_ptr<const Model> model;
  std::shared_ptr<Denoiser> denoiser;  // of its network
  c10::Device device = c10::kCPU;      // of the training, where it computes

  explicit operator bool() const { return model != nullptr; }
};

inline constexpr int kMostFewSteps = 4;  // that a network is taught to draw in; all fewer ones too

// How a distilled model's sprites come out best, from how its teacher's do: few steps, the same guidance.
ParamMap few_steps_sampling(const ParamMap& teacher);

// Distillation of a guided DDIM run to one of 1 … kMostFewSteps steps (as Luhman & Luhman 2021, and progressively Salimans & Ho
// 2022; guidance as Meng et al. 2023). The teacher walks from noise to the end, with class, a guidance scale drawn for the purpose
// and the rest of its sampling defaults; and from where the network's own steps lead, so that it learns to correct what it will
// meet (as DAgger, Ross et al. 2011), in every other training step from noised sprites. For each number of steps the way is cut
// into as many equal parts. The network is told class, scale and number, and learns for the start of each part the x0 with which
// one DDIM step leads to where the teacher was at its end: the mean of the teacher's x0 along the part, weighted by what each has
// in the end point. By another objective's loss; with a palette head the mean is one of probabilities.
class DistillationObjective : public Objective {
 public:
  // inner: of the recipe; head: how the outputs of teacher and network are read. Reads teacher_steps and what Noising does. Throws
  // Failure(kInvalidArgument) for the prediction ε: from all noise it does not lead to a sprite.
  DistillationObjective(const ParamMap& recipe, ConditionGroups groups, std::unique_ptr<const Objective> inner, OutputHead head,
                        Teacher teacher);

  int outputs(int channels) const override { return inner_->outputs(channels); }
  Example training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step,
                           const NetworkAnswers& network = {}) const override;
  Example fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const override;
  Example example_of(const at::Tensor& x, const NoisedSprites& sprites) const override { return inner_->example_of(x, sprites); }
  at::Tensor losses(Network& network, const Example& example) const override { return inner_->losses(network, example); }

 private:
  // Of B sprites at the teacher's steps, from the `first` one on.
  struct TeacherRun {
    int first;
    std::vector<at::Tensor> x;              // before each step [B, C, H, W]
    std::vector<at::Tensor> x0;             // predicted at each step [B, C, H, W]
    std::vector<at::Tensor> probabilities;  // with a palette head: what x0 is made of [B, O, H, W]
  };

  Example distilled(const at::Tensor& x, const at::Tensor& conditions, double offset, std::uint64_t noise_seed,
                    const NetworkAnswers& network) const;
  // x_t [B, C, H, W] where the network's own run of `steps` comes after `done` of them; without a network, of the sprites x,
  // noised.
  at::Tensor start(const at::Tensor& x, int steps, int done, const at::Tensor& told, std::uint64_t noise_seed,
                   const NetworkAnswers& network) const;
  TeacherRun teacher_run(const at::Tensor& x_t, int first, const at::Tensor& conditions, double guidance) const;
  // How much each of the teacher's steps `first` … `end` - 1 has in where the part ends; they sum to 1.
  std::vector<double> shares(int first, int end) const;

  std::unique_ptr<const Objective> inner_;
  OutputHead head_;
  Teacher teacher_;
  std::vector<int> timesteps_;  // of the teacher
};

}  // namespace kiln
