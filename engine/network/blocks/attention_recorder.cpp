#include "engine/network/blocks/attention_recorder.h"

#include <ATen/ATen.h>

namespace kiln {
namespace {

thread_local AttentionRecorder* t_current = nullptr;

}  // namespace

AttentionRecorder::AttentionRecorder() : before_(t_current) { t_current = this; }

AttentionRecorder::~AttentionRecorder() { t_current = before_; }

AttentionRecorder* AttentionRecorder::current() { return t_current; }

void AttentionRecorder::add(const at::Tensor& weights, const at::Tensor& x) {
  layers_.push_back({x.size(2), x.size(3), weights.detach().to(at::kFloat).mean(1)});
}

}  // namespace kiln
