#pragma once

#include <ATen/ATen.h>

#include <functional>
#include <memory>
#include <utility>

#include "engine/device/device_stream.h"

namespace kiln::test {

class CompletedEvent : public Download {
 public:
  explicit CompletedEvent(at::Tensor tensor) : tensor_(std::move(tensor)) {}
  bool here() const override { return true; }
  void wait() const override {}
  at::Tensor tensor() const override { return tensor_; }

 private:
  at::Tensor tensor_;
};

// Does everything at once, and records nothing.
class HostStream : public DeviceStream {
 public:
  c10::Device device() const override { return c10::kCPU; }
  void run(const std::function<void()>& work) override { work(); }
  std::function<void()> record(const std::function<void()>& work, const std::function<void()>& reset) override {
    reset();
    work();
    return work;
  }
  void wait_for_caller() override {}
  void caller_waits() override {}
  void upload(const at::Tensor& from, const at::Tensor& to) override { to.copy_(from); }
  std::unique_ptr<Download> download(const at::Tensor& from) override { return std::make_unique<CompletedEvent>(from.clone()); }
  std::unique_ptr<StreamEvent> mark() override { return std::make_unique<CompletedEvent>(at::Tensor()); }
  void wait_for_device() override {}
};

}  // namespace kiln::test
