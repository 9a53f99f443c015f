import Plan

/// Every kind of stage.
package enum StageKinds {
  package static let all: [any StageKind.Type] = [
    ReadStage.self,
    FilterStage.self,
    RelabelStage.self,
    AccumulateStage.self,
    MergeStage.self,
    DecideStage.self,
    MergeDecisionsStage.self,
    MeasureStage.self,
    CompareStage.self,
    WriteStage.self,
    CountStage.self,
    CollectStage.self,
    StudyStage.self,
    ReportStage.self,
  ]
}
