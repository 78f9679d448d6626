import {
  type CommittedVersion,
  type ConfigDiff,
  type ConfigVersionDetail,
  commitVersion,
  diffVersions,
  getVersion,
  listVersions,
} from "@/lib/contracts/config-versions";
import {
  type Application,
  type Configuration,
  type ConfigVariant,
  createConfiguration,
  createVariant,
  deleteVariant,
  getConfiguration,
  listApplications,
  listConfigurations,
  updateConfiguration,
} from "@/lib/contracts/configurations";
import {
  createEnvironment,
  type Deployment,
  type DeploymentPreview,
  deleteEnvironment,
  deploy,
  type Environment,
  listDeployments,
  listEnvironments,
  rollBack,
  updateEnvironment,
} from "@/lib/contracts/deployments";
import { createEvaluation, type Evaluation, listEvaluations, updateEvaluation } from "@/lib/contracts/evaluations";
import type { BodyInput, ResponseOf } from "@/lib/contracts/operation";
import { api } from "@/store/api";
import { cursorPages } from "@/store/cursor-pages";
import { dryRun, request } from "@/store/request";

export type ConfigurationPage = ResponseOf<typeof listConfigurations>;
export type VersionPage = ResponseOf<typeof listVersions>;
export type DeploymentPage = ResponseOf<typeof listDeployments>;
export type EvaluationPage = ResponseOf<typeof listEvaluations>;
export type DeployInput = Omit<BodyInput<typeof deploy>, "dry_run">;
export type RollBackInput = Omit<BodyInput<typeof rollBack>, "dry_run">;

type InProject = { projectId: string };
export type OneConfig = InProject & { configId: string };
type OneVariant = OneConfig & { variant: string };
type OneDeployment = OneConfig & { deploymentId: string };
type OneEnvironment = InProject & { environmentId: string };
type ListArg = InProject & { archived?: boolean };

/** As many as one page has; a project has at most 100 applications and 20 environments. */
const ALL = 200;

const inProject = ({ projectId }: InProject) => ({ project_id: projectId });
const configOf = ({ configId, ...arg }: OneConfig) => ({ ...inProject(arg), config_id: configId });
const variantOf = ({ variant, ...arg }: OneVariant) => ({ ...configOf(arg), variant });
const deploymentOf = ({ deploymentId, ...arg }: OneDeployment) => ({ ...configOf(arg), deployment_id: deploymentId });
const environmentOf = ({ environmentId, ...arg }: OneEnvironment) => ({
  ...inProject(arg),
  environment_id: environmentId,
});

/**
 * Configurations with their versions, deployments and evaluations. What is committed never changes, so the texts are read
 * once; all else is "Configuration", as the stream's news of events tells that something of it changed.
 */
export const configsApi = api.injectEndpoints({
  endpoints: (build) => ({
    listApplications: build.query<Application[], InProject>({
      query: (arg) => request(listApplications, { params: inProject(arg), query: { limit: ALL } }),
      transformResponse: ({ data }: ResponseOf<typeof listApplications>) => data,
      providesTags: ["Configuration"],
    }),
    listConfigurations: build.infiniteQuery<ConfigurationPage, ListArg, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { archived, ...arg }, pageParam }) =>
        request(listConfigurations, {
          params: inProject(arg),
          query: { cursor: pageParam ?? undefined, archived: archived ? "true" : "false" },
        }),
      providesTags: ["Configuration"],
    }),
    /** For choosing one by name, archived ones as well; beyond the first 200 names are typed. */
    listConfigurationNames: build.query<Configuration[], InProject>({
      query: (arg) => request(listConfigurations, { params: inProject(arg), query: { limit: ALL, archived: "true" } }),
      transformResponse: ({ data }: ConfigurationPage) => data,
      providesTags: ["Configuration"],
    }),
    createConfiguration: build.mutation<Configuration, InProject & { body: BodyInput<typeof createConfiguration> }>({
      query: ({ body, ...arg }) => request(createConfiguration, { params: inProject(arg), body }),
      invalidatesTags: (result) => (result ? ["Configuration", "Environment"] : []),
    }),
    getConfiguration: build.query<Configuration, OneConfig>({
      query: (arg) => request(getConfiguration, { params: configOf(arg) }),
      providesTags: ["Configuration"],
    }),
    updateConfiguration: build.mutation<Configuration, OneConfig & { body: BodyInput<typeof updateConfiguration> }>({
      query: ({ body, ...arg }) => request(updateConfiguration, { params: configOf(arg), body }),
      invalidatesTags: (result) => (result ? ["Configuration"] : []),
    }),
    createVariant: build.mutation<ConfigVariant, OneConfig & { body: BodyInput<typeof createVariant> }>({
      query: ({ body, ...arg }) => request(createVariant, { params: configOf(arg), body }),
      invalidatesTags: (result) => (result ? ["Configuration"] : []),
    }),
    deleteVariant: build.mutation<null, OneVariant & { evenIfDeployed: boolean }>({
      query: ({ evenIfDeployed, ...arg }) =>
        request(deleteVariant, {
          params: variantOf(arg),
          query: { even_if_deployed: evenIfDeployed ? "true" : "false" },
        }),
      invalidatesTags: (_result, error) => (error ? [] : ["Configuration"]),
    }),

    listConfigVersions: build.infiniteQuery<VersionPage, OneConfig & { variant?: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { variant, ...arg }, pageParam }) =>
        request(listVersions, { params: configOf(arg), query: { variant, cursor: pageParam ?? undefined } }),
      providesTags: ["Configuration"],
    }),
    /** For choosing one; older ones than the last 200 are not offered. */
    listRecentVersions: build.query<VersionPage["data"], OneConfig>({
      query: (arg) => request(listVersions, { params: configOf(arg), query: { limit: ALL } }),
      transformResponse: ({ data }: VersionPage) => data,
      providesTags: ["Configuration"],
    }),
    getConfigVersion: build.query<ConfigVersionDetail, OneConfig & { versionId: string }>({
      query: ({ versionId, ...arg }) => request(getVersion, { params: { ...configOf(arg), version_id: versionId } }),
      keepUnusedDataFor: 600,
    }),
    diffConfigVersions: build.query<ConfigDiff, OneConfig & { from: string; to: string }>({
      query: ({ from, to, ...arg }) => request(diffVersions, { params: configOf(arg), query: { from, to } }),
      keepUnusedDataFor: 600,
    }),
    /** Refused or not: a refusal may mean that somebody else committed. */
    commitVersion: build.mutation<CommittedVersion, OneVariant & { body: BodyInput<typeof commitVersion> }>({
      query: ({ body, ...arg }) => request(commitVersion, { params: variantOf(arg), body }),
      invalidatesTags: ["Configuration"],
    }),

    listEnvironments: build.query<Environment[], InProject>({
      query: (arg) => request(listEnvironments, { params: inProject(arg), query: { limit: ALL } }),
      transformResponse: ({ data }: ResponseOf<typeof listEnvironments>) => data,
      providesTags: ["Environment"],
    }),
    createEnvironment: build.mutation<Environment, InProject & { body: BodyInput<typeof createEnvironment> }>({
      query: ({ body, ...arg }) => request(createEnvironment, { params: inProject(arg), body }),
      invalidatesTags: (result) => (result ? ["Environment"] : []),
    }),
    updateEnvironment: build.mutation<Environment, OneEnvironment & { body: BodyInput<typeof updateEnvironment> }>({
      query: ({ body, ...arg }) => request(updateEnvironment, { params: environmentOf(arg), body }),
      invalidatesTags: ["Environment"],
    }),
    deleteEnvironment: build.mutation<null, OneEnvironment>({
      query: (arg) => request(deleteEnvironment, { params: environmentOf(arg) }),
      invalidatesTags: (_result, error) => (error ? [] : ["Environment"]),
    }),

    listDeployments: build.infiniteQuery<DeploymentPage, OneConfig & { environment?: string }, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg: { environment, ...arg }, pageParam }) =>
        request(listDeployments, { params: configOf(arg), query: { environment, cursor: pageParam ?? undefined } }),
      providesTags: ["Configuration"],
    }),
    /** Asked anew each time: what it would change depends on what is in force. */
    previewDeploy: build.query<DeploymentPreview, OneConfig & { body: DeployInput }>({
      query: ({ body, ...arg }) => request(dryRun(deploy), { params: configOf(arg), body: { ...body, dry_run: true } }),
      keepUnusedDataFor: 0,
      providesTags: ["Configuration"],
    }),
    deploy: build.mutation<Deployment, OneConfig & { body: DeployInput }>({
      query: ({ body, ...arg }) => request(deploy, { params: configOf(arg), body }),
      invalidatesTags: ["Configuration"],
    }),
    previewRollBack: build.query<DeploymentPreview, OneDeployment>({
      query: (arg) => request(dryRun(rollBack), { params: deploymentOf(arg), body: { dry_run: true } }),
      keepUnusedDataFor: 0,
      providesTags: ["Configuration"],
    }),
    rollBack: build.mutation<Deployment, OneDeployment & { body: RollBackInput }>({
      query: ({ body, ...arg }) => request(rollBack, { params: deploymentOf(arg), body }),
      invalidatesTags: ["Configuration"],
    }),

    listEvaluations: build.infiniteQuery<EvaluationPage, OneConfig, string | null>({
      infiniteQueryOptions: cursorPages,
      query: ({ queryArg, pageParam }) =>
        request(listEvaluations, { params: configOf(queryArg), query: { cursor: pageParam ?? undefined } }),
      providesTags: ["Configuration"],
    }),
    createEvaluation: build.mutation<Evaluation, OneConfig & { body: BodyInput<typeof createEvaluation> }>({
      query: ({ body, ...arg }) => request(createEvaluation, { params: configOf(arg), body }),
      invalidatesTags: (result) => (result ? ["Configuration"] : []),
    }),
    updateEvaluation: build.mutation<
      Evaluation,
      OneConfig & { evaluationId: string; body: BodyInput<typeof updateEvaluation> }
    >({
      query: ({ evaluationId, body, ...arg }) =>
        request(updateEvaluation, { params: { ...configOf(arg), evaluation_id: evaluationId }, body }),
      invalidatesTags: ["Configuration"],
    }),
  }),
});

export const {
  useListApplicationsQuery,
  useListConfigurationsInfiniteQuery,
  useListConfigurationNamesQuery,
  useCreateConfigurationMutation,
  useGetConfigurationQuery,
  useUpdateConfigurationMutation,
  useCreateVariantMutation,
  useDeleteVariantMutation,
  useListConfigVersionsInfiniteQuery,
  useListRecentVersionsQuery,
  useGetConfigVersionQuery,
  useDiffConfigVersionsQuery,
  useCommitVersionMutation,
  useListEnvironmentsQuery,
  useCreateEnvironmentMutation,
  useUpdateEnvironmentMutation,
  useDeleteEnvironmentMutation,
  useListDeploymentsInfiniteQuery,
  usePreviewDeployQuery,
  useDeployMutation,
  usePreviewRollBackQuery,
  useRollBackMutation,
  useListEvaluationsInfiniteQuery,
  useCreateEvaluationMutation,
  useUpdateEvaluationMutation,
} = configsApi;
